import { expect, test } from 'vitest'
import { formatCsv } from '../../../control/output/csv.ts'

test('values are quoted where they have to be', () => {
  const rows = [
    { week: '2026-11-23', note: 'a "b", c', total: 3 },
    { week: null, note: 'two\nlines', total: undefined },
  ]

  expect(formatCsv(rows, ['week', 'note', 'total'])).toBe(
    'week,note,total\n2026-11-23,"a ""b"", c",3\n,"two\nlines",\n',
  )
})

test('nothing is a heading', () => {
  expect(formatCsv([], ['week', 'total'])).toBe('week,total\n')
})
