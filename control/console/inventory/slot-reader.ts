import type { OpenContext } from '../../contexts/open-context.ts'
import { readOf } from '../../health/unread.ts'
import { askForSlots, judgeSlots, type ServerSlots } from '../../slots/read-slots.ts'
import type { OpenSession } from '../watch/kept-sessions.ts'
import type { InventoryReaders } from './inventory.ts'

interface SlotReaderOptions {
  readonly context: OpenContext
  readonly open: OpenSession
  readonly signal: AbortSignal
}

/** As `trib get slots`, but for the wait: how fast a slot grows, the round before tells. */
export function createSlotReader({ context, open, signal }: SlotReaderOptions): InventoryReaders['slots'] {
  let before: readonly ServerSlots[] = []
  return async ({ snapshot }) => {
    const problems: string[] = []
    const now = await askForSlots({
      ...{ context, open, signal, connectors: readOf(snapshot.connectors) ?? [] },
      onUnreached: (server, sentence) => problems.push(`${server}: ${sentence}`),
    })
    const items = judgeSlots(now, before)
    before = now
    return { items, problems }
  }
}
