import * as z from 'zod'
import type { Connector } from '../connect/connect-api.ts'
import type { CompareTask, VerifyTask } from '../verify/plan-verify.ts'
import type { VerifyReport } from '../verify/verify-report.ts'
import type { DeadLetter } from './dead-letters.ts'
import { decodeRecord, hasSchema } from './decode-record.ts'
import { wouldFailAgain } from './try-source-row.ts'

/** A letter whose row cannot be brought now, and why. */
export interface HeldLetter {
  readonly letter: DeadLetter
  readonly reason: string
}

interface SortOptions {
  readonly sink: Connector
  readonly tasks: readonly VerifyTask[]
  readonly signal?: AbortSignal | undefined
}

const keySchema = z.record(z.string(), z.unknown())

/** Which tables are to be mended, and which letters must wait: what their source has now would fail again. */
export async function sortLetters(
  letters: readonly DeadLetter[],
  { sink, tasks, signal }: SortOptions,
): Promise<{ readonly tables: readonly CompareTask[]; readonly held: readonly HeldLetter[] }> {
  const tables = new Set<CompareTask>()
  const held: HeldLetter[] = []
  for (const letter of letters) {
    const task = tasks.find(
      (one): one is CompareTask => one.kind === 'compare' && one.path.topic === letter.topic,
    )
    if (!task) {
      held.push({
        letter,
        reason: `no deployed source writes ${letter.topic}, or its table cannot be compared`,
      })
      continue
    }
    const decoded = decodeRecord(letter.key, { hasSchema: hasSchema(sink.config, 'key') })
    const key = keySchema.safeParse(decoded.kind === 'decoded' ? decoded.payload : undefined)
    // Without a key nobody knows its row; that the whole table is equal says that nothing is missing.
    const reason = key.success ? await wouldFailAgain(task, key.data, signal) : undefined
    if (reason === undefined) tables.add(task)
    else held.push({ letter, reason: `the row would fail again: ${reason}` })
  }
  return { tables: [...tables], held }
}

/** Up to where all letters are mended: before the first that waits, or whose table is not equal. Pure. */
export function mendedBefore(
  letters: readonly DeadLetter[],
  { held, tables, report }: MendedOptions,
): number | undefined {
  const equal = new Set(
    tables
      .filter(({ table, pipeline }) =>
        report.tables.some(one => one.table === table && one.pipeline === pipeline && one.equal),
      )
      .map(({ path }) => path.topic),
  )
  const waits = new Set(held.map(({ letter }) => letter.at))
  const inOrder = letters.toSorted((a, b) => a.at - b.at)
  const first = inOrder.findIndex(({ at, topic }) => waits.has(at) || !equal.has(topic))
  const done = first === -1 ? inOrder : inOrder.slice(0, first)
  const last = done.at(-1)
  return last && last.at + 1
}

interface MendedOptions {
  readonly held: readonly HeldLetter[]
  readonly tables: readonly CompareTask[]
  readonly report: Pick<VerifyReport, 'tables'>
}
