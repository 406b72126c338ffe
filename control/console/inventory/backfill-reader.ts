import { type Backfill, readBackfills } from '../../backfill/read-backfills.ts'
import type { ConnectClient } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { readOf } from '../../health/unread.ts'
import type { OpenSession } from '../watch/kept-sessions.ts'
import type { InventoryReaders } from './inventory.ts'

export interface BackfillCard extends Backfill {
  /** At the speed since it was first seen to move; null: not known yet. */
  readonly secondsLeft: number | null
}

interface BackfillReaderOptions {
  readonly context: OpenContext
  readonly connect: Pick<ConnectClient, 'offsets'>
  readonly open: OpenSession
  readonly signal: AbortSignal
}

/** As `trib get backfills`, and how long they still take. */
export function createBackfillReader(options: BackfillReaderOptions): InventoryReaders['backfills'] {
  const follow = createFollower()
  return async ({ snapshot }) => {
    const problems: string[] = []
    const found = await readBackfills({
      ...{ ...options, connectors: readOf(snapshot.connectors) ?? [] },
      onUnreached: (source, sentence) => problems.push(`${source}: ${sentence}`),
    })
    return { items: follow(found, snapshot.atMs), problems }
  }
}

interface Start {
  readonly atMs: number
  readonly percent: number
}

/** Remembers where each was when it was first seen to run; a pause begins anew, as its time says nothing. */
export function createFollower(): (seen: readonly Backfill[], atMs: number) => readonly BackfillCard[] {
  let starts: ReadonlyMap<string, Start> = new Map()
  return (seen, atMs) => {
    const now = new Map<string, Start>()
    const cards = seen.map((one): BackfillCard => {
      const { percent } = one
      if (one.state !== 'running' || percent === null) return { ...one, secondsLeft: null }
      const key = JSON.stringify([one.source, one.table, one.where])
      const known = starts.get(key)
      // The same table once more.
      const start = known && known.percent <= percent ? known : { atMs, percent }
      now.set(key, start)
      const perMs = (percent - start.percent) / (atMs - start.atMs)
      return { ...one, secondsLeft: perMs > 0 ? Math.round((100 - percent) / perMs / 1000) : null }
    })
    starts = now
    return cards
  }
}
