import { expect } from 'vitest'
import { eventually, type TestStack } from '../support/trib.ts'
import { openAs } from './tables.ts'

export interface Writer extends AsyncDisposable {
  /** Does something between two transactions: a migration that the application knows of, a look at a source at rest. */
  between<T>(work: () => Promise<T>): Promise<T>
  /** Waits until it has committed so many transactions since it began. */
  untilCommitted(count: number): Promise<void>
  /** Ends it, and gives what it did. */
  stop(): Promise<{ readonly transactions: number; readonly perSecond: number }>
}

interface WriterOptions {
  readonly source: string
  /** The statements of transaction n; each is one transaction. */
  readonly statement: (n: number) => string
  /** Transactions a second. (Default: 80) */
  readonly rate?: number
}

/** A transaction that takes longer is held up by a lock, or by a server that is away. */
const keptAfterMs = 200

/** At least so many commits a second are what the tests speak of when rows flow. */
export const leastRate = 50

/** An application that commits all the time, each statement a transaction of its own. */
export async function startWriter(
  stack: TestStack,
  { source, statement, rate = 80 }: WriterOptions,
): Promise<Writer> {
  const database = await openAs(stack, source, 'postgres')
  const startedAt = performance.now()
  let transactions = 0
  let isEnding = false
  /** Time in which it was kept from writing: by `between`, or by the lock of an ALTER TABLE. */
  let keptMs = 0
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }
  const activeMs = () => performance.now() - startedAt - keptMs
  const work = (async () => {
    while (!isEnding) {
      if (transactions >= (activeMs() / 1000) * rate) {
        await new Promise(resolve => setTimeout(resolve, 5))
        continue
      }
      await inTurn(async () => {
        const at = performance.now()
        await database.query(statement(transactions))
        if (performance.now() - at > keptAfterMs) keptMs += performance.now() - at
      })
      transactions += 1
    }
  })()
  // Told by `stop`.
  work.catch(() => {})
  let result: Promise<{ transactions: number; perSecond: number }> | undefined
  const stop = () => {
    result ??= (async () => {
      isEnding = true
      const seconds = activeMs() / 1000
      await work.finally(() => database[Symbol.asyncDispose]())
      const perSecond = transactions / seconds
      expect(perSecond).toBeGreaterThan(leastRate)
      return { transactions, perSecond }
    })()
    return result
  }
  return {
    between: async doing => {
      const at = performance.now()
      return inTurn(doing).finally(() => {
        keptMs += performance.now() - at
      })
    },
    untilCommitted: async count => {
      const most = { deadlineMs: 30_000, intervalMs: 20 }
      await eventually(`${count} transactions`, async () => transactions >= count || undefined, most)
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}
