import { TribError } from '../errors/trib-error.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import type { Sides } from './find-suspects.ts'
import { type Key, keyText, type RowsByKey, type RowVersion } from './store.ts'

export interface SettleOptions extends Sides {
  /**
   * Resolves when all that the source had committed at the call has landed; rejects with the sentence that says what
   * does not move.
   */
  readonly awaitArrival: () => Promise<void>
  /** After which nobody begins another round. */
  readonly deadlineMs: number
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (text: string) => void
}

export interface Findings {
  /** The source has the row, the warehouse does not. */
  readonly missing: readonly Key[]
  /** The warehouse has the row, the source does not; with the version that was found to be so. */
  readonly extra: RowsByKey<string>
  /** Both have it, with other values. */
  readonly different: readonly Key[]
  /** They were written so often that no round found them at rest. */
  readonly unsettled: readonly Key[]
  /** What does not move, so that nobody can say whether the unsettled rows are on their way. */
  readonly problem: TribError | undefined
}

/** Both sides of a key: read in this order, the source first. */
interface Reading {
  readonly key: Key
  readonly source: RowVersion | undefined
  readonly target: RowVersion | undefined
}

/** A change takes 30 ms from commit to warehouse: most suspects are cleared by looking again, without any wait. */
const quickLooks = 4
const quickLookMs = 150

/**
 * Settles what differed: a row is wrong only if it still differs after everything the source had committed has landed,
 * and neither side has written it meanwhile. That the warehouse's row is unchanged, too, is what settles a key that the
 * source lacks: it may have come and gone in between, and its delete still be on the way.
 */
export async function settle(keys: readonly Key[], options: SettleOptions): Promise<Findings> {
  const { awaitArrival, deadlineMs, clock = systemClock, signal, onProgress = () => {} } = options
  const found = { missing: [] as Key[], extra: new Map<string, string>(), different: [] as Key[] }
  let open = await lookQuickly(keys, options)
  const deadline = clock.now() + deadlineMs
  while (open.length > 0) {
    signal?.throwIfAborted()
    if (clock.now() >= deadline) break
    onProgress(`${open.length.toLocaleString('en')} rows to settle: waiting for the changes on the way`)
    try {
      await awaitArrival()
    } catch (error) {
      if (!(error instanceof TribError) || error.code === 'INTERRUPTED') throw error
      return { ...found, unsettled: open.map(({ key }) => key), problem: error }
    }
    const again = await read(
      open.map(({ key }) => key),
      options,
    )
    const before = new Map(open.map(reading => [keyText(reading.key), reading]))
    open = []
    for (const reading of again.filter(differs)) {
      if (!isAtRest(before.get(keyText(reading.key)), reading)) open.push(reading)
      else if (!reading.target) found.missing.push(reading.key)
      else if (!reading.source) found.extra.set(keyText(reading.key), reading.target.version)
      else found.different.push(reading.key)
    }
  }
  return { ...found, unsettled: open.map(({ key }) => key), problem: undefined }
}

async function lookQuickly(keys: readonly Key[], options: SettleOptions): Promise<Reading[]> {
  const { clock = systemClock, signal } = options
  let open = (await read(keys, options)).filter(differs)
  for (let look = 1; look < quickLooks && open.length > 0; look += 1) {
    await clock.wait(quickLookMs, signal)
    const still = await read(
      open.map(({ key }) => key),
      options,
    )
    open = still.filter(differs)
  }
  return open
}

async function read(keys: readonly Key[], { source, target }: Sides): Promise<readonly Reading[]> {
  if (keys.length === 0) return []
  const there = await source.versions(keys)
  const here = await target.versions(keys)
  return keys.map(key => ({ key, source: there.get(keyText(key)), target: here.get(keyText(key)) }))
}

const differs = ({ source, target }: Reading) => source?.hash !== target?.hash

function isAtRest(before: Reading | undefined, after: Reading): boolean {
  return (
    before?.source?.version === after.source?.version && before?.target?.version === after.target?.version
  )
}
