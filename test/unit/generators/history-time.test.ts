import { expect, test } from 'vitest'
import { historyTime } from '../../../generators/history-time.ts'

const end = new Date('2026-01-01T00:00:00Z')
const rows = 20_000
const times = Array.from({ length: rows }, (_, index) =>
  historyTime(index, { rows, end, offset: (index * 0.37) % 1 }).getTime(),
)

test('times lie within the year before the end', () => {
  expect(times[0]).toBeGreaterThanOrEqual(Date.parse('2025-01-01T00:00:00Z'))
  expect(times.at(-1)).toBeLessThan(end.getTime())
})

test('times never go back', () => {
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('the second half of the year is somewhat busier than the first', () => {
  const middle = Date.parse('2025-07-02T12:00:00Z')
  const share = times.filter(time => time >= middle).length / rows

  expect(share).toBeGreaterThan(0.55)
  expect(share).toBeLessThan(0.6)
})

test('a history of one row is dated', () => {
  const time = historyTime(0, { rows: 1, end, offset: 0.999 })

  expect(time.getTime()).toBeLessThan(end.getTime())
})
