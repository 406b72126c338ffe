import type { Database } from '../../../control/database/connect.ts'
import { createRows } from './rows.ts'

export interface LaneOptions {
  readonly name: string
  readonly seed: number
  readonly table: string
  readonly email: string
  readonly perSecond: number
  readonly open: () => Promise<Database>
}

/** One session that writes: reconnects by itself, and knows what became of each of its rows. */
export interface Lane extends AsyncDisposable {
  readonly count: { readonly committed: number; readonly rolledBack: number; readonly outages: number }
  /** How long the source took what it was given: without pauses and outages. */
  upMs(): number
  pause(): Promise<void>
  resume(): void
  broken(held: ReadonlyMap<string, string>): readonly string[]
}

/** A transaction that takes longer is an outage: so long hangs only what is suspended. */
const hangsAfterMs = 5_000
/** Between two attempts to reach a source that is away. */
const retryMs = 100
/** Of the time that was missed only so much is made up for, or an outage would end in a burst. */
const catchUpMs = 1_000

export function startLane({ name, seed, table, email, perSecond, open }: LaneOptions): Lane {
  const rows = createRows({ name, seed, table, email })
  const count = { committed: 0, rolledBack: 0, outages: 0 }
  let upMs = 0
  let isEnding = false
  let release: (() => void) | undefined
  let gate: Promise<void> | undefined
  let arrived: (() => void) | undefined

  const run = async () => {
    let database: Database | undefined
    let dueAt = performance.now()
    let isAway = false
    let since = dueAt
    while (!isEnding) {
      if (gate) {
        arrived?.()
        await gate
        since = dueAt = performance.now()
        continue
      }
      const now = performance.now()
      dueAt = Math.max(dueAt + 1000 / perSecond, now - catchUpMs)
      await pass(dueAt - now)
      const begunAt = performance.now()
      try {
        database ??= await open()
        await rows.settle(database)
        const outcome = await rows.write(database)
        const endedAt = performance.now()
        count[outcome] += 1
        const hung = endedAt - begunAt > hangsAfterMs
        if (hung) count.outages += 1
        if (!isAway) upMs += (hung ? begunAt : endedAt) - since
        isAway = false
        since = endedAt
      } catch {
        if (!isAway) {
          upMs += begunAt - since
          count.outages += 1
        }
        isAway = true
        await database?.[Symbol.asyncDispose]().then(undefined, () => {})
        database = undefined
        await pass(retryMs)
      }
    }
    arrived?.()
    await database?.[Symbol.asyncDispose]()
  }
  const running = run()

  const resume = () => {
    release?.()
    gate = release = arrived = undefined
  }
  return {
    count,
    upMs: () => upMs,
    pause() {
      gate ??= new Promise(resolve => {
        release = resolve
      })
      return new Promise(resolve => {
        arrived = resolve
      })
    },
    resume,
    broken: held => rows.broken(held),
    async [Symbol.asyncDispose]() {
      isEnding = true
      resume()
      await running
    },
  }
}

const pass = (ms: number) =>
  ms > 0 ? new Promise<void>(resolve => setTimeout(resolve, ms)) : Promise.resolve()
