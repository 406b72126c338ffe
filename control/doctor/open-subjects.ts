import type { QueryResultRow } from 'pg'
import { type Database, type DatabaseAddress, openDatabase } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import { namedTables } from '../pipelines/captured-tables.ts'
import { type LocatedDatabase, locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { topicOf } from '../pipelines/routing.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { splitList } from '../plan/effective-config.ts'
import type { CheckKind } from './check.ts'
import type { DoctorOptions } from './run-doctor.ts'
import { type Examined, isPostgresSink, isPostgresSource } from './subjects/examined.ts'
import { type KafkaSubject, openKafkaSubject } from './subjects/kafka-subject.ts'
import { type Arrival, openSinkSubject, type SinkSubject } from './subjects/sink-subject.ts'
import { capturedColumns, openSourceSubject, type SourceSubject } from './subjects/source-subject.ts'
import { readTables, type TableFacts } from './subjects/table-facts.ts'
import type { WorkerSubject } from './subjects/worker-subject.ts'

export interface Unreached {
  /** The connector, or what was to be reached. */
  readonly name: string
  readonly error: unknown
}

export type OpenedSubject =
  | { readonly kind: 'source'; readonly name: string; readonly subject: SourceSubject }
  | { readonly kind: 'sink'; readonly name: string; readonly subject: SinkSubject }
  | { readonly kind: 'worker'; readonly name: string; readonly subject: WorkerSubject }
  | { readonly kind: 'kafka'; readonly name: string; readonly subject: KafkaSubject }

interface OpenedSubjects extends AsyncDisposable {
  readonly subjects: readonly OpenedSubject[]
  readonly unreached: readonly Unreached[]
  readonly databases: ReadonlyMap<string, DatabaseAddress>
}

/** Opens what the checks look at; what cannot be opened is told, and the rest goes on. */
export async function openSubjects(
  options: DoctorOptions,
  isWanted: (kind: CheckKind) => boolean,
): Promise<OpenedSubjects> {
  const world = createWorld(options)
  const examined = new Set(options.connectors.map(({ name }) => name))
  try {
    const sinks = options.connectors.filter(one => isWanted('sink') && isPostgresSink(one))
    // The columns of a landing table are compared with those of its source, whichever is asked about.
    const wantedSources = options.all.filter(
      one => isPostgresSource(one) && (sinks.length > 0 || (isWanted('source') && examined.has(one.name))),
    )
    const sources = await Promise.all(wantedSources.map(one => world.openSource(one, examined.has(one.name))))
    const known = sources.flatMap(source => source ?? [])
    const opened = await Promise.all([
      ...sinks.map(sink => world.openSink(sink, known)),
      ...(isWanted('worker') ? [world.openWorkers()] : []),
      ...(isWanted('kafka') ? [world.openKafka(known)] : []),
    ])
    const ofSources = known
      .filter(({ connector }) => isWanted('source') && examined.has(connector.name))
      .map(subject => ({ kind: 'source', name: subject.connector.name, subject }) as const)
    const subjects = [...ofSources, ...opened.flatMap(one => one ?? [])]
    return {
      subjects,
      unreached: world.unreached,
      databases: world.databases,
      [Symbol.asyncDispose]: world.close,
    }
  } catch (error) {
    await world.close()
    throw error
  }
}

interface OpenedDatabase {
  readonly database: Database
  readonly tables: readonly TableFacts[]
}

/** A session does one statement at a time; connectors that share it wait for each other. */
function takingTurns(database: Database): Database {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...database,
    query: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) => {
      const answer = last.then(() => database.query<Row>(text, values))
      last = answer.catch(() => {})
      return answer
    },
  }
}

function createWorld(options: DoctorOptions) {
  const { context, connect, all, connectors, signal } = options
  const open: Database[] = []
  const unreached: Unreached[] = []
  const databases = new Map<string, DatabaseAddress>()

  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof TribError)) throw error
      unreached.push({ name, error })
      return undefined
    }
  }
  const sessions = new Map<string, Promise<OpenedDatabase>>()
  /** One session for each database, however many connectors share it. */
  const openLocated = async ({ name, address }: LocatedDatabase) => {
    const { host, port, user, database: inServer } = address
    const known = databases.get(name)
    const databaseName = known && known.database !== inServer ? `${name}/${inServer}` : name
    databases.set(databaseName, address)
    const key = JSON.stringify([host, port, user, inServer])
    const opening = sessions.get(key) ?? openShared(address)
    sessions.set(key, opening)
    return { ...(await opening), databaseName }
  }
  const openShared = async (address: DatabaseAddress) => {
    const database = await openDatabase({ ...address, applicationName: 'trib doctor', signal })
    open.push(database)
    const inTurn = takingTurns(database)
    return { database: inTurn, tables: await readTables(inTurn) }
  }
  const quietly = async <T>(work: () => Promise<T>) => work().catch(() => undefined)
  return {
    unreached,
    databases,
    close: async () => {
      await Promise.all(open.map(database => database[Symbol.asyncDispose]()))
    },
    openSource: (connector: Examined, isExamined: boolean) => {
      const work = async () => {
        const { isDeep = false, patienceSeconds = 300 } = options
        const where = await openLocated(await locateSource(context, connector))
        const offsets = async () =>
          connector.isDeployed && connect ? await connect.offsets(connector.name) : []
        return openSourceSubject({ ...where, connector, all, isDeep, patienceSeconds, offsets })
      }
      return isExamined ? attempt(connector.name, work) : quietly(work)
    },
    openSink: (connector: Examined, sources: readonly SourceSubject[]) =>
      attempt(connector.name, async () => {
        const { tables: catalogue, ...where } = await openLocated(await locateWarehouse(context, connector))
        const arrivals = arrivalsOf(connector, { all, sources })
        const others = all.filter(({ name }) => name !== connector.name)
        const subject = await openSinkSubject({ ...where, connector, others, arrivals, catalogue })
        return { kind: 'sink', name: connector.name, subject } as const
      }),
    openWorkers: async () => {
      const { workers = [] } = options
      const variables = await context.workerVariables?.()
      return workers.length === 0
        ? undefined
        : ({ kind: 'worker', name: 'workers', subject: { workers, connectors, variables } } as const)
    },
    openKafka: (sources: readonly SourceSubject[]) =>
      attempt('kafka', async () => {
        const subject = await openKafkaSubject(await context.kafka(), wantedTopics(connectors, sources))
        return { kind: 'kafka', name: 'kafka', subject } as const
      }),
  }
}

interface Surroundings {
  readonly all: readonly Examined[]
  readonly sources: readonly SourceSubject[]
}

function arrivalsOf(sink: Examined, { all, sources }: Surroundings): readonly Arrival[] {
  const byName = new Map(sources.map(source => [source.connector.name, source]))
  const pipelines = readPipelines({ connectors: all, tablesOf: ({ name }) => byName.get(name)?.captured })
  return pipelines
    .filter(pipeline => pipeline.sink?.name === sink.name)
    .flatMap(({ source, tables }) =>
      tables.flatMap(({ topic, target, source: table }): readonly Arrival[] => {
        if (!target) return []
        const subject = byName.get(source?.name ?? '')
        const facts = subject?.captured.find(
          one => one.schema === table?.schema && one.table === table?.table,
        )
        if (!subject || !facts) return [{ topic, target, source: undefined }]
        const { connector } = subject
        const columns = capturedColumns(connector.config, facts)
        return [{ topic, target, source: { connector, facts, columns } }]
      }),
    )
}

/** Every topic that the connectors write or read by name. */
function wantedTopics(
  connectors: readonly Examined[],
  sources: readonly SourceSubject[],
): ReadonlyMap<string, readonly Examined[]> {
  const wanted = new Map<string, Examined[]>()
  const add = (topic: string, connector: Examined) => {
    wanted.set(topic, [...(wanted.get(topic) ?? []), connector])
  }
  for (const connector of connectors) {
    const { config, type } = connector
    if (kindOf(config, type).side === 'sink') {
      for (const topic of splitList(config['topics'] ?? '')) add(topic, connector)
    } else if (isPostgresSource(connector)) {
      const captured =
        sources.find(one => one.connector.name === connector.name)?.captured ?? namedTables(config)
      for (const topic of new Set(captured.map(table => topicOf(config, table)))) add(topic, connector)
      if (Number(config['heartbeat.interval.ms'] ?? '0') > 0) {
        const prefix = config['topic.heartbeat.prefix'] ?? '__debezium-heartbeat'
        add(`${prefix}.${config['topic.prefix'] ?? ''}`, connector)
      }
    }
  }
  return wanted
}
