import { readDeadLetters } from '../../bad-records/dead-letters.ts'
import { groupLetters, type LetterGroup } from '../../bad-records/group-letters.ts'
import type { Connector } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { readOf } from '../../health/unread.ts'
import { openSinkProgress } from '../../kafka/sink-progress.ts'
import type { InventoryReaders } from './inventory.ts'

interface LetterReaderOptions {
  readonly context: OpenContext
  readonly signal: AbortSignal
}

/** A topic of dead letters grows without bound, and each may have 16 MB: 3 MB for each sink at most. */
const newest = 200
const mostValueBytes = 16 * 1024

interface Read {
  readonly mark: string
  readonly groups: readonly LetterGroup[]
}

/** As `trib get dlq`, of the newest; a topic is read again only when the look shows that it changed. */
export function createLetterReader({ context, signal }: LetterReaderOptions): InventoryReaders['letters'] {
  const read = async (sink: Connector): Promise<readonly LetterGroup[]> => {
    const access = await context.kafka()
    await using progress = openSinkProgress(async () => access)
    const letters = await readDeadLetters(sink, { access, progress, signal, newest, mostValueBytes })
    return groupLetters(sink, letters)
  }
  return createLetterKeeper(read)
}

/** Without the brokers: what was read stays as long as the mark of its sink does. */
export function createLetterKeeper(
  read: (sink: Connector) => Promise<readonly LetterGroup[]>,
): InventoryReaders['letters'] {
  let known: ReadonlyMap<string, Read> = new Map()
  return async ({ snapshot }) => {
    const groups = readOf(snapshot.groups)
    // Nobody could look: what was known is not gone.
    if (!groups) return { items: [...known.values()].flatMap(one => one.groups), problems: [] }
    const now = new Map<string, Read>()
    for (const sink of readOf(snapshot.connectors) ?? []) {
      const mark = groups[sink.name]?.deadLetterMark
      if (mark === undefined) continue
      const before = known.get(sink.name)
      now.set(sink.name, before?.mark === mark ? before : { mark, groups: await read(sink) })
    }
    known = now
    return { items: [...now.values()].flatMap(one => one.groups), problems: [] }
  }
}
