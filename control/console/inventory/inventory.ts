import type { LetterGroup } from '../../bad-records/group-letters.ts'
import { messageOf } from '../../errors/trib-error.ts'
import type { Slot } from '../../slots/judge-slot.ts'
import type { Clock } from '../../system/clock.ts'
import type { Observation } from '../watch/observation.ts'
import type { BackfillCard } from './backfill-reader.ts'

/** What is looked at less often than the pipelines are: all in the shapes that the command line prints. */
export interface Inventory {
  readonly atMs: number
  readonly slots: readonly Slot[]
  readonly backfills: readonly BackfillCard[]
  /** The newest of those that were put aside. */
  readonly letters: readonly LetterGroup[]
  /** What could not be asked, in sentences. */
  readonly problems: Readonly<Record<InventoryPart, readonly string[]>>
}

export const inventoryParts = ['slots', 'backfills', 'letters'] as const
export type InventoryPart = (typeof inventoryParts)[number]

export interface PartSeen<T> {
  readonly items: readonly T[]
  readonly problems: readonly string[]
}

export interface InventoryReaders {
  readonly slots: (seen: Observation) => Promise<PartSeen<Slot>>
  readonly backfills: (seen: Observation) => Promise<PartSeen<BackfillCard>>
  readonly letters: (seen: Observation) => Promise<PartSeen<LetterGroup>>
}

export interface InventoryTaker {
  /** Takes one if it is time; never rejects. */
  consider(seen: Observation, options: { readonly isWatched: boolean }): Promise<void>
  /** undefined: none was taken yet. */
  last(): Inventory | undefined
}

interface TakerOptions {
  readonly readers: InventoryReaders
  readonly clock: Clock
}

/** Connectors store their places every five seconds: more often there is nothing new. */
const watchedEveryMs = 5_000
/** For scripts that fetch a report while no page is open. */
const unwatchedEveryMs = 30_000
/** Of the time that goes by, at most this share is spent on asking: 200 sources make it rarer, not harder. */
const mostShare = 0.1

export function createInventory({ readers, clock }: TakerOptions): InventoryTaker {
  let last: Inventory | undefined
  let isBusy = false
  let startedAt = Number.NEGATIVE_INFINITY
  let tookMs = 0
  return {
    last: () => last,
    async consider(seen, { isWatched }) {
      const everyMs = Math.max(isWatched ? watchedEveryMs : unwatchedEveryMs, tookMs / mostShare)
      if (isBusy || clock.now() - startedAt < everyMs) return
      isBusy = true
      startedAt = clock.now()
      last = await takeOne(readers, seen, last)
      tookMs = clock.now() - startedAt
      isBusy = false
    },
  }
}

/** What cannot be read keeps what it was, and says so. */
async function takeOne(
  readers: InventoryReaders,
  seen: Observation,
  before: Inventory | undefined,
): Promise<Inventory> {
  const slots = await tried(() => readers.slots(seen), before?.slots)
  const backfills = await tried(() => readers.backfills(seen), before?.backfills)
  const letters = await tried(() => readers.letters(seen), before?.letters)
  return {
    atMs: seen.snapshot.atMs,
    ...{ slots: slots.items, backfills: backfills.items, letters: letters.items },
    problems: { slots: slots.problems, backfills: backfills.problems, letters: letters.problems },
  }
}

async function tried<T>(
  read: () => Promise<PartSeen<T>>,
  before: readonly T[] | undefined,
): Promise<PartSeen<T>> {
  try {
    return await read()
  } catch (error) {
    return { items: before ?? [], problems: [messageOf(error)] }
  }
}
