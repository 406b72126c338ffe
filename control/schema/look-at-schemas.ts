import { randomUUID } from 'node:crypto'
import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { isPostgresSink } from '../doctor/subjects/examined.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { sqlPlaceOf } from '../health/sql-place.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { type LocatedDatabase, locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { isFolded } from '../verify/find-target.ts'
import { leftOutColumns } from '../verify/left-out-columns.ts'
import { readTableAgain } from '../verify/read-table-again.ts'
import { type Changed, changeTable } from './change-table.ts'
import { decideSteps } from './decide-steps.ts'
import { type Followed, findFollowed, isFollowedSource, type Targets } from './find-followed.ts'
import type { FollowEvent } from './follow-event.ts'
import { type KnownTable, readKnownTables } from './known-tables.ts'
import { findMoved } from './moved-tables.ts'
import type { Sessions } from './sessions.ts'
import {
  type LandingTable,
  readLandingTables,
  readSourceTables,
  readTableNames,
  type SourceTable,
} from './table-shapes.ts'

export interface LookOptions {
  readonly context: Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>
  readonly connect: Pick<ConnectClient, 'list'>
  readonly progress: Pick<SinkProgress, 'createLike'>
  readonly sessions: Sessions
  readonly targets: Targets
  /** (Default: all) */
  readonly pipeline?: string | undefined
}

/** One table after a look. */
export interface LookedTable extends Changed {
  readonly followed: Followed
  readonly landing: TableName
  /** Rows would land changed: the sink is to stand. */
  readonly mustStop: boolean
}

export interface Look {
  readonly tables: readonly LookedTable[]
  /** In the order in which they came. */
  readonly events: readonly FollowEvent[]
}

/** Looks at every table once, on both sides, and does what has to be done. A source that is away stops no other. */
export async function lookAtSchemas(options: LookOptions): Promise<Look> {
  const connectors = await options.connect.list()
  const looks: Look[] = []
  for (const source of connectors.filter(isFollowedSource)) {
    try {
      looks.push(await lookAtSource(source, connectors, options))
    } catch (error) {
      if (!(error instanceof TribError) || error.code === 'INTERRUPTED') throw error
      const sentence = `its tables could not be looked at: ${messageOf(error)}`
      const event: FollowEvent = { level: 'warn', object: source.name, sentence, command: error.hint }
      looks.push({ tables: [], events: [event] })
    }
  }
  return { tables: looks.flatMap(({ tables }) => tables), events: looks.flatMap(({ events }) => events) }
}

/** Two questions to the source and two to the warehouse, however many tables there are. */
async function lookAtSource(
  source: Connector,
  connectors: readonly Connector[],
  options: LookOptions,
): Promise<Look> {
  const { context, sessions, targets, pipeline } = options
  const place = await locateSource(context, source)
  const names = await sessions.use(place.address, readTableNames)
  const found = findFollowed({ connectors, tables: new Map([[source.name, names]]) })
  const own = found.filter(
    one =>
      one.source.name === source.name &&
      (pipeline === undefined || one.pipeline === pipeline || source.name === pipeline),
  )
  if (own.length === 0 && pipeline !== undefined) return { tables: [], events: [] }
  // Where every table of a source is gone, what was known of them is in the warehouse all the same.
  const sink = own[0]?.sink ?? connectors.find(isPostgresSink)
  if (!sink) return { tables: [], events: [] }
  const warehouse = await locateWarehouse(context, sink)
  const known = (await sessions.use(warehouse.address, readKnownTables)).filter(
    one => one.source === source.name,
  )
  const moved = findMoved({
    ...{ known, tables: names, place: await sqlPlaceOf(context, place) },
    followed: new Set(found.map(({ id }) => id.oid)),
  })
  const oids = own.map(({ id }) => id.oid)
  const there = await sessions.use(place.address, database => readSourceTables(database, oids))
  const here = await readTargets(own, { ...options, warehouse })
  const tables: LookedTable[] = []
  for (const one of own) {
    const now = there.find(({ oid }) => oid === one.id.oid)
    const landing = here.get(one)
    if (landing === undefined) targets.forget()
    if (now && landing)
      tables.push(await lookAtTable(one, { ...options, place, warehouse, now, landing, known }))
  }
  return { tables, events: [...moved, ...tables.flatMap(({ events }) => events)] }
}

interface WithWarehouse extends LookOptions {
  readonly warehouse: LocatedDatabase
}

/** One that is not there is missing: the doctor and health speak of it. */
async function readTargets(
  own: readonly Followed[],
  { sessions, targets, warehouse }: WithWarehouse,
): Promise<ReadonlyMap<Followed, LandingTable>> {
  return sessions.use(warehouse.address, async database => {
    const names = new Map<Followed, TableName>()
    for (const one of own) names.set(one, await targets.find(database, one))
    const tables = await readLandingTables(database, [...names.values()])
    return new Map(
      [...names].flatMap(([one, name]) => {
        const table = tables.find(({ schema, table }) => schema === name.schema && table === name.table)
        return table ? [[one, table] as const] : []
      }),
    )
  })
}

interface TableOptions extends WithWarehouse {
  /** Of the source. */
  readonly place: LocatedDatabase
  readonly now: SourceTable
  readonly landing: LandingTable
  readonly known: readonly KnownTable[]
}

async function lookAtTable(followed: Followed, options: TableOptions): Promise<LookedTable> {
  const { context, sessions, place, warehouse, now, landing, known, progress } = options
  const { source, sink, topic } = followed
  const before = known.find(({ oid }) => oid === now.oid)
  const decision = decideSteps({
    ...{ source: source.name, now, landing, before },
    isFolded: isFolded(sink.config),
    isLeftOut: leftOutColumns(source.config, now),
  })
  const readAgain = () =>
    sessions.use(place.address, database =>
      readTableAgain({
        ...{ sourceConnector: source, table: now, database, progress, model: topic },
        id: `trib-follow-${randomUUID().slice(0, 8)}`,
      }),
    )
  const sqlPlace = await sqlPlaceOf(context, warehouse)
  const hasFailed = sink.tasks.some(({ state }) => state === 'FAILED')
  const changed = await sessions.use(warehouse.address, database =>
    changeTable({
      ...{ decision, database, before, readAgain, hasFailed, sink: sink.name },
      ...{ place: sqlPlace, object: `${now.schema}.${now.table}` },
    }),
  )
  return { ...changed, followed, landing, mustStop: decision.refusals.some(({ mustStop }) => mustStop) }
}
