import type { DeadLetter } from '../../bad-records/dead-letters.ts'
import type { HeldLetter } from '../../bad-records/replay-letters.ts'
import type { ConnectClient, Connector } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import type { KafkaAccess } from '../../kafka/open-kafka.ts'
import type { SinkProgress } from '../../kafka/sink-progress.ts'

export interface ReplayParts {
  readonly sink: Connector
  readonly connectors: readonly Connector[]
  readonly context: OpenContext
  readonly connect: ConnectClient
  readonly access: KafkaAccess
  readonly progress: SinkProgress
  readonly signal: AbortSignal
  /** For rows to land. */
  readonly deadlineMs: number
  /** Rejects where nobody wants it. */
  readonly agree: (what: string) => Promise<void>
}

export interface Replayed {
  /** All letters before this one are mended; undefined: none is. */
  readonly before: number | undefined
  readonly held: readonly HeldLetter[]
  readonly exits: readonly number[]
}

/** Writes records again as they were, each only where that overwrites nothing and stops nobody. */
export async function replayRaw(open: readonly DeadLetter[], parts: ReplayParts): Promise<Replayed> {
  const { sortRaw } = await import('../../bad-records/raw-replay.ts')
  const again = await import('../../bad-records/write-again.ts')
  const ends = await again.endsOf(open, parts.progress)
  const later = await again.readLater(open, ends, parts)
  const sorted = sortRaw(open, { ...parts, ends, later })
  const held = [...sorted.held]
  const free: DeadLetter[] = []
  for (const letter of sorted.free) {
    const reason = await again.wouldChokeAgain(letter, parts)
    if (reason === undefined) free.push(letter)
    else held.push({ letter, reason: `it would fail again: ${reason}` })
  }
  if (free.length > 0)
    await parts.agree(`${free.length} of ${open.length} records would be written again as they were`)
  for (const letter of free) {
    const offset = await again.writeAgain(letter, parts)
    await again.untilPassed(letter, offset, parts)
    if (await again.wasOvertaken(letter, { ...parts, ends, offset })) held.push({ letter, reason: overtaken })
  }
  const first = open.find(letter => held.some(one => one.letter === letter))
  const last = open.at(-1)
  return { before: first?.at ?? (last && last.at + 1), held, exits: [] }
}

const overtaken =
  'a later record of its key came while it was written: read its row again at its source, without --raw'
