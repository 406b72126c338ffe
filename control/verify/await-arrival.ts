import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { consumerGroupOf } from '../connect/consumer-group.ts'
import type { Database } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { named } from '../output/shell-words.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import { findStandstill } from './find-standstill.ts'

/** The way that a table's changes take. */
export interface ChangePath {
  readonly source: string
  readonly sink: string
  readonly slot: string
  readonly topic: string
  /** The sink's consumer group. */
  readonly group: string
  /** Whether the source writes a heartbeat, without which the slot of an idle database does not move. */
  readonly hasHeartbeat: boolean
}

export function changePathOf(source: Connector, sink: Connector, topic: string): ChangePath {
  return {
    source: source.name,
    sink: sink.name,
    slot: source.config['slot.name'] ?? 'debezium',
    topic,
    group: consumerGroupOf(sink),
    hasHeartbeat: Number(source.config['heartbeat.interval.ms'] ?? 0) > 0,
  }
}

interface ArrivalOptions extends ChangePath {
  readonly database: Database
  readonly progress: SinkProgress
  readonly connect: Pick<ConnectClient, 'status' | 'offsets'>
  readonly deadlineMs: number
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
}

/** How often the state of the connectors is asked while something is awaited. */
const stateEveryMs = 2_000

/** Resolves when all that the source had committed at the call is in the warehouse. */
export async function awaitArrival(options: ArrivalOptions): Promise<void> {
  const { database, progress, slot, topic, group, source, sink, deadlineMs, hasHeartbeat } = options
  const waiting = { deadlineMs, intervalMs: 250, signal: options.signal, clock: options.clock ?? systemClock }
  const orStandstill = watchStandstill(options)
  // Not pg_current_wal_lsn(): with synchronous_commit off a row can be seen before its change is written that far.
  const { rows } = await database.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn')
  const lsn = rows[0]?.lsn ?? '0/0'
  await waitFor(() => orStandstill(() => lookAtSlot(options, lsn)), {
    ...waiting,
    what: `the slot ${slot} to confirm ${lsn}`,
    hint: hasHeartbeat
      ? `npx trib describe connector ${named(source)}`
      : `without a heartbeat the slot of an idle database does not move: npx trib patch connector ${named(source, '--set heartbeat.interval.ms=2000')}`,
  })
  // What the source had committed is in the topic now: this is where it ends at the latest.
  const ends = await progress.ends(topic)
  await waitFor(
    () =>
      orStandstill(async (): Promise<Outlook<true>> => {
        const committed = await progress.committed(group, topic)
        const behind = ends.find(({ partition, first, next }) => (committed.get(partition) ?? first) < next)
        if (!behind) return { done: true }
        const reached = committed.get(behind.partition)
        return { pending: reached === undefined ? 'it has committed none' : `it has committed ${reached}` }
      }),
    {
      ...waiting,
      what: `the group ${group} to read ${topic} up to ${ends.map(({ next }) => next).join(', ')}`,
      hint: `npx trib describe connector ${named(sink)}`,
    },
  )
}

async function lookAtSlot(
  { database, slot, source, connect }: ArrivalOptions,
  lsn: string,
): Promise<Outlook<true>> {
  const { rows } = await database.query<{ confirmed: string | null; is_done: boolean; active: boolean }>(
    `select confirmed_flush_lsn::text as confirmed, coalesce(confirmed_flush_lsn >= $2::pg_lsn, false) as is_done, active
     from pg_replication_slots where slot_name = $1 and database = current_database()`,
    [slot, lsn],
  )
  const [row] = rows
  if (!row) {
    // Who has no position begins anew, and makes its slot first; a position without a slot leads nowhere.
    if ((await connect.offsets(source)).length === 0) return { pending: `${source} has not made it yet` }
    throw new TribError(
      'DATABASE_FAILED',
      `the slot ${slot} does not exist in ${database.where}, so that ${source} reads no changes, and those since it went are lost to it`,
      { hint: `npx trib explain ${named(source)}` },
    )
  }
  if (row.is_done) return { done: true }
  const reader = row.active ? '' : ', and nobody reads it'
  return { pending: `it has confirmed ${row.confirmed ?? 'nothing'}${reader}` }
}

/** Looks, and every now and then asks why nothing moves: a paused connector need not be waited out. */
function watchStandstill({ connect, source, sink, clock = systemClock }: ArrivalOptions) {
  let askedAt = -Infinity
  return async <T>(look: () => Promise<Outlook<T>>): Promise<Outlook<T>> => {
    const outlook = await look()
    if ('done' in outlook || clock.now() - askedAt < stateEveryMs) return outlook
    askedAt = clock.now()
    for (const name of [source, sink]) {
      const standstill = findStandstill(name, await connect.status(name))
      if (standstill) throw standstill
    }
    return outlook
  }
}
