import { expect, test } from 'vitest'
import type { ActivityEntry, AnswerRow, BoardChange } from '../../../control/console/messages.ts'
import { rangeOf, within } from '../../../control/console/page/charts/week-range.ts'
import { emptyState, withActivity, withAnswer, withBoard } from '../../../control/console/page/state.ts'

const board = (change: Partial<BoardChange>): BoardChange => ({
  ...{ atMs: 1, isWhole: false, state: 'ok', cause: null, command: null, brokers: [] },
  ...{ pipelines: [], connectors: [], gonePipelines: [], goneConnectors: [] },
  inventory: {
    ...{ atMs: null, backfills: 0, badSlots: 0, badRecords: 0 },
    problems: { slots: [], backfills: [], letters: [] },
  },
  ...change,
})
const connector = (name: string, state = 'RUNNING') => ({
  ...{ name, state, type: 'source', class: 'X', tasks: [], failure: null },
})

test('a change of the board keeps what it does not name, and drops what is gone', () => {
  const first = withBoard(emptyState, board({ isWhole: true, connectors: [connector('a'), connector('b')] }))
  const next = withBoard(first, board({ connectors: [connector('b', 'PAUSED')], goneConnectors: ['a'] }))

  expect([...(next.board?.connectors.values() ?? [])]).toEqual([connector('b', 'PAUSED')])
})

test('a whole board forgets what was before', () => {
  const first = withBoard(emptyState, board({ connectors: [connector('a')] }))

  expect(withBoard(first, board({ isWhole: true })).board?.connectors.size).toBe(0)
})

const answer = (rows: readonly AnswerRow[], more = {}) => ({
  ...{ question: 'q', isWhole: false, goneWeeks: [], problem: null, rows, ...more },
})

test('weeks of an answer are replaced, added in their order, and taken away', () => {
  const first = withAnswer(
    emptyState,
    answer(
      [
        ['2026-01-12', 2, 3],
        ['2026-01-19', 1, 4],
      ],
      { isWhole: true },
    ),
  )
  const next = withAnswer(
    first,
    answer(
      [
        ['2026-01-05', 1, 1],
        ['2026-01-12', 3, 4],
      ],
      { goneWeeks: ['2026-01-19'] },
    ),
  )

  expect(next.answers.get('q')?.rows).toEqual([
    ['2026-01-05', 1, 1],
    ['2026-01-12', 3, 4],
  ])
})

const entry = (id: number): ActivityEntry => ({
  ...{ id, atMs: id, severity: 'info', subject: 's', text: `entry ${id}`, command: null },
})

test('entries that are there already are not added again after the connection came back', () => {
  const first = withActivity(emptyState, [entry(1), entry(2)])
  const again = withActivity(first, [entry(1), entry(2), entry(3)])

  expect(again.activity.map(({ id }) => id)).toEqual([1, 2, 3])
  expect(withActivity(again, [entry(3)])).toBe(again)
})

test('a range is the last weeks, as far as there are any', () => {
  const rows = Array.from({ length: 60 }, (_, index): AnswerRow => {
    const week = new Date(Date.UTC(2025, 0, 6) + index * 7 * 86_400_000).toISOString().slice(0, 10)
    return [week, 1, index]
  })

  const range = rangeOf('12 weeks', rows)
  expect(range && within(rows, range)).toEqual(rows.slice(-12))
  expect(rangeOf('all', rows)).toEqual({ from: rows[0]?.[0], to: rows.at(-1)?.[0] })
  expect(rangeOf('1 year', [])).toBeUndefined()
})
