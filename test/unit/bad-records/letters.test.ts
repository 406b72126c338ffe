import { expect, test } from 'vitest'
import type { DeadLetter } from '../../../control/bad-records/dead-letters.ts'
import { groupLetters } from '../../../control/bad-records/group-letters.ts'
import { mendedBefore } from '../../../control/bad-records/replay-letters.ts'
import type { CompareTask } from '../../../control/verify/plan-verify.ts'
import type { TableReport } from '../../../control/verify/verify-report.ts'

function letter(at: number, change: Partial<DeadLetter> = {}): DeadLetter {
  const text = (payload: unknown) => Buffer.from(JSON.stringify({ schema: null, payload }))
  return {
    ...{ at, putAsideMs: 0, topic: 'shop.public.orders', partition: 0, offset: 40 + at, isMended: false },
    ...{ stage: 'TASK_PUT', cause: `value too long: "${at}" (22001)` },
    ...{ key: text({ id: at }), value: text({ id: at, note: 'x' }) },
    ...{ headers: {}, ...change },
  }
}

test('letters are grouped by where, at which step and why, whatever their values; the open ones come first', () => {
  const sink = { name: 'lake', config: {} }
  const letters = [letter(0, { cause: 'it is no JSON', isMended: true }), letter(1), letter(2)]

  expect(groupLetters(sink, letters)).toMatchObject([
    { topic: 'shop.public.orders', records: 2, open: 2, letters: [{ key: { id: 1 } }, { key: { id: 2 } }] },
    { records: 1, open: 0, cause: 'it is no JSON' },
  ])
})

test('letters are mended up to the first that waits or whose table is not equal', () => {
  const task = (topic: string) => ({ table: topic, pipeline: 'shop', path: { topic } }) as CompareTask
  const report = (table: string, equal: boolean) => ({ table, pipeline: 'shop', equal }) as TableReport
  const tables = [task('shop.public.orders'), task('shop.public.notes')]
  const letters = [letter(0), letter(1, { topic: 'shop.public.notes' }), letter(2)]
  const [, , third = letter(2)] = letters
  const bothEqual = { tables: [report('shop.public.orders', true), report('shop.public.notes', true)] }
  const oneEqual = { tables: [report('shop.public.orders', true), report('shop.public.notes', false)] }

  expect(mendedBefore(letters, { held: [], tables, report: bothEqual })).toBe(3)
  expect(mendedBefore(letters, { held: [], tables, report: oneEqual })).toBe(1)
  expect(mendedBefore(letters, { held: [{ letter: third, reason: '' }], tables, report: bothEqual })).toBe(2)
  expect(mendedBefore([third], { held: [{ letter: third, reason: '' }], tables, report: bothEqual })).toBe(
    undefined,
  )
})
