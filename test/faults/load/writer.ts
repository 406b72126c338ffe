import type { Database } from '../../../control/database/connect.ts'
import { eventually } from '../../support/trib.ts'
import { type Lane, startLane } from './lane.ts'

export interface WriterOptions {
  readonly source: string
  readonly table: string
  readonly email: string
  /** Of its choices, and in the names of its rows: two writers of one table differ in it. (Default: 0) */
  readonly seed?: number
  readonly open: () => Promise<Database>
}

/** What was committed since the last time, while the source was up. */
export interface Stock {
  readonly source: string
  readonly committed: number
  readonly rolledBack: number
  readonly outages: number
  readonly upSeconds: number
  readonly perSecond: number
}

/** Writes into one source until disposed, whatever happens to it, and knows what it was told to be committed. */
export interface Writer extends AsyncDisposable {
  readonly source: string
  /** Ends what is under way, and writes no more until resumed. */
  pause(): Promise<void>
  resume(): void
  takeStock(): Stock
  /** What was committed and rolled back since the beginning. */
  total(): { readonly committed: number; readonly rolledBack: number }
  /** Rows of the source that are not as this writer was told they are; empty: the source kept every promise. */
  broken(): Promise<readonly string[]>
}

/** Three sessions: transactions that interleave. Each would do a third more than is asked for. */
const laneCount = 3
const perLaneAndSecond = 24

export function startWriter({ source, table, email, seed = 0, open }: WriterOptions): Writer {
  const lanes = Array.from({ length: laneCount }, (_, lane) =>
    startLane({
      ...{ name: `${source}-${seed}-${lane}`, seed: seed * laneCount + lane + 1 },
      ...{ table, email, perSecond: perLaneAndSecond, open },
    }),
  )
  const sum = (of: (lane: Lane) => number) => lanes.reduce((total, lane) => total + of(lane), 0)
  const totals = () => ({
    committed: sum(lane => lane.count.committed),
    rolledBack: sum(lane => lane.count.rolledBack),
    outages: sum(lane => lane.count.outages),
    upMs: sum(lane => lane.upMs()) / laneCount,
  })
  let before = totals()
  return {
    source,
    async pause() {
      await Promise.all(lanes.map(lane => lane.pause()))
    },
    resume() {
      for (const lane of lanes) lane.resume()
    },
    takeStock() {
      const now = totals()
      const committed = now.committed - before.committed
      const upSeconds = (now.upMs - before.upMs) / 1000
      const stock = {
        ...{ source, committed, upSeconds, perSecond: committed / upSeconds },
        rolledBack: now.rolledBack - before.rolledBack,
        outages: now.outages - before.outages,
      }
      before = now
      return stock
    },
    total: totals,
    async broken() {
      await using database = await open()
      const { rows } = await database.query<{ id: string; username: string }>(
        `select id::text, username from ${table}`,
      )
      const held = new Map(rows.map(({ id, username }) => [id, username]))
      return lanes.flatMap(lane => lane.broken(held))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(lanes.map(lane => lane[Symbol.asyncDispose]()))
    },
  }
}

/** Load, not only its beginning: each source has taken some hundred transactions. */
export async function untilUnderLoad(writers: readonly Writer[]): Promise<void> {
  const committed = writers.map(() => 0)
  await eventually(
    'both sources to be under load',
    async () => {
      writers.forEach((writer, index) => {
        committed[index] = (committed[index] ?? 0) + writer.takeStock().committed
      })
      return committed.every(count => count >= 100) ? true : undefined
    },
    { deadlineMs: 30_000, intervalMs: 100 },
  )
}
