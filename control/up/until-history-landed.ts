import type { ConnectClient } from '../connect/connect-api.ts'
import { type Database, openDatabase } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import type { Flow } from '../scenarios/scenario.ts'
import { databaseOf } from '../stack/database-address.ts'
import { findService } from '../stack/session.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import type { Service, Topology } from '../topology/topology.ts'
import { awaitArrival, changePathOf } from '../verify/await-arrival.ts'

interface HistoryOptions {
  readonly topology: Topology
  readonly flows: readonly Flow[]
  readonly connect: ConnectClient
  readonly progress: SinkProgress
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
}

interface Landing {
  readonly rows: number
  /** How many there will be, as far as is known. */
  readonly of: number
}

/** A million rows of history take minutes on two cores; it is standing still that must not last. */
const patienceMs = 120_000

export interface LandedHistory {
  readonly rows: number
  /** Rows that went through the sink and are not in the warehouse, by table: it lost them, or somebody deleted them. */
  readonly lost: readonly { readonly table: string; readonly rows: number }[]
}

/** Waits until every row of the generators' history is in the warehouse, while live changes go on. */
export async function untilHistoryLanded(options: HistoryOptions): Promise<LandedHistory> {
  const { flows, onProgress } = options
  const landings = new Map<string, Landing>()
  const total = (part: keyof Landing) =>
    [...landings.values()].reduce((sum, landing) => sum + landing[part], 0)
  const count = (number: number) => number.toLocaleString('en')
  const lost = await Promise.all(
    flows.map(flow =>
      untilFlowLanded(flow, {
        ...options,
        onLanding: landing => {
          landings.set(flow.table, landing)
          onProgress(`${count(total('rows'))} of ${count(total('of'))} rows`)
        },
      }),
    ),
  )
  const lossOf = (index: number) => ({ table: flows[index]?.table ?? '', rows: lost[index] ?? 0 })
  return { rows: total('rows'), lost: lost.map((_, index) => lossOf(index)).filter(({ rows }) => rows > 0) }
}

interface FlowOptions extends HistoryOptions {
  readonly onLanding: (landing: Landing) => void
}

/** Gives how many rows will never come, as the sink has read them already. */
async function untilFlowLanded(flow: Flow, options: FlowOptions): Promise<number> {
  const { topology, signal, onLanding } = options
  const generator = findService(topology, flow.generator)
  await using source = await open(topology, flow.source)
  await using warehouse = await open(topology, flow.warehouse)
  await using arrival = watchArrival(source, { ...options, flow })
  let lastId: string | undefined

  const look = async (): Promise<Outlook<number>> => {
    const unwritten = await unwrittenRows(source, generator)
    if (unwritten === undefined)
      return { pending: `${flow.generator} has not begun: ${await complaintOf(generator)}` }
    // Rows of later live inserts do not matter; the bound keeps them out.
    if (unwritten === 0)
      lastId ??= await scalar(source, `select coalesce(max(id), 0) as value from ${flow.table}`)
    if (lastId !== undefined) arrival.begin()
    const hasArrived = arrival.isOver()
    // The warehouse first: rows deleted in between then make it look ahead, never behind.
    const rows = await countRows(warehouse, flow.table, lastId)
    const written = await countRows(source, flow.table, lastId)
    onLanding({ rows, of: written + unwritten })
    if (lastId !== undefined && rows >= written) return { done: 0 }
    if (hasArrived) return { done: written - rows }
    return { pending: `${rows} of ${written + unwritten} rows of ${flow.table} have landed` }
  }
  return await waitFor(withPatience(look, flow), {
    what: `the history of ${flow.source} to land`,
    deadlineMs: Number.POSITIVE_INFINITY,
    intervalMs: 300,
    signal,
  })
}

/**
 * Whether all that a source held at `begin` has gone through the sink. Most often the rows are counted before that is
 * known; where they are not, it tells rows that are late from rows that will not come.
 */
function watchArrival(database: Database, { flow, connect, progress, signal }: FlowOptions & { flow: Flow }) {
  const callOff = new AbortController()
  let waiting: Promise<void> | undefined
  let isOver = false
  const wait = async () => {
    const topicOfFlow = (await readPipelinesOf(connect)).find(one => one.table === flow.table)
    if (!topicOfFlow) return
    const options = { ...topicOfFlow.path, database, progress, connect, deadlineMs: patienceMs }
    await awaitArrival({ ...options, signal: AbortSignal.any([signal, callOff.signal]) })
    isOver = true
  }
  return {
    begin: () => {
      // What does not move is told by the rows that do not come.
      waiting ??= wait().catch(() => {})
    },
    isOver: () => isOver,
    async [Symbol.asyncDispose]() {
      callOff.abort(new Error('not awaited any more'))
      await waiting
    },
  }
}

/** The way of each landed table, named as SQL names it in its source. */
async function readPipelinesOf(connect: ConnectClient) {
  return readPipelines({ connectors: await connect.list() }).flatMap(({ source, sink, tables }) =>
    source && sink
      ? tables.flatMap(({ source: name, topic }) =>
          name ? [{ table: `"${name.table}"`, path: changePathOf(source, sink, topic) }] : [],
        )
      : [],
  )
}

/** As long as something moves there is no hurry; when nothing has for a while, there is a reason to be told. */
function withPatience<T>(look: () => Promise<Outlook<T>>, flow: Flow): () => Promise<Outlook<T>> {
  let lastSeen = ''
  let movedAt = Date.now()
  return async () => {
    const outlook = await look()
    if ('done' in outlook) return outlook
    if (outlook.pending !== lastSeen) movedAt = Date.now()
    lastSeen = outlook.pending
    if (Date.now() - movedAt < patienceMs) return outlook
    throw new TribError(
      'DEADLINE_EXCEEDED',
      `nothing of ${flow.source} has reached the warehouse for ${patienceMs / 1000} s: ${lastSeen}`,
      { hint: `npx trib logs ${lastSeen.startsWith(flow.generator) ? flow.generator : 'connect'} --tail 50` },
    )
  }
}

/** Rows that the generator has yet to write of the history it was told to, by its own ledger; undefined before it began. */
async function unwrittenRows(source: Database, generator: Service): Promise<number | undefined> {
  const { GENERATOR_SEED: seed = '', GENERATOR_HISTORY: history = '' } = generator.environment
  const { rows } = await source.query<{ unwritten: string }>(
    `select history_rows - rows_written as unwritten from tributary.generated
     where seed = $1 and history_rows = $2 order by id desc limit 1`,
    [seed, history],
  )
  return rows[0] === undefined ? undefined : Number(rows[0].unwritten)
}

/** What the generator itself says is wrong, from its health page. */
async function complaintOf(generator: Service): Promise<string> {
  const probe = generator.health?.probe
  if (probe?.kind !== 'http') return 'no reason known'
  try {
    const page: unknown = await (await fetch(probe.url, { signal: AbortSignal.timeout(2_000) })).json()
    const complaint =
      page !== null && typeof page === 'object' && 'lastError' in page ? page.lastError : undefined
    return typeof complaint === 'string' ? complaint : 'it is waiting for its database'
  } catch {
    return 'it does not answer'
  }
}

async function countRows(database: Database, table: string, lastId: string | undefined): Promise<number> {
  const bound = lastId === undefined ? '' : ' where id <= $1'
  return Number(
    await scalar(
      database,
      `select count(*) as value from ${table}${bound}`,
      lastId === undefined ? [] : [lastId],
    ),
  )
}

async function scalar(database: Database, text: string, values: readonly unknown[] = []): Promise<string> {
  const { rows } = await database.query<{ value: unknown }>(text, values)
  return String(rows[0]?.value)
}

function open(topology: Topology, service: string): Promise<Database> {
  const address = databaseOf(findService(topology, service))
  if (!address) throw new TribError('COMPOSE_INVALID', `docker-compose.yml: ${service} is no database`)
  return openDatabase({ ...address, applicationName: 'trib up' })
}
