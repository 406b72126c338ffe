import { expect, test } from 'vitest'
import { bars, sparkline } from '../../../control/report/bars.ts'
import { describeAnswer } from '../../../control/report/describe-answer.ts'
import type { Answer } from '../../../control/report/read-answers.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'

const [question] = moodle.questions
const plain = { hasBlocks: false, hasColour: false }
const blocks = { hasBlocks: true, hasColour: false }

/** So many weeks, the last one that of 2026-11-23, with 1, 2, 3 … sites. */
function answerOf(count: number): Answer {
  if (!question) throw new Error('moodle asks nothing')
  const weeks = [...Array(count).keys()].map(index => ({
    week: new Date(Date.UTC(2026, 10, 23) - (count - 1 - index) * 7 * 86_400_000).toISOString().slice(0, 10),
    counted: index + 1,
    total: ((index + 1) * (index + 2)) / 2,
  }))
  return { question, weeks }
}

test('each week has its bar, and the total its growth', () => {
  const text = describeAnswer(answerOf(4), { ink: blocks, columns: 80 })

  expect(`\n${text}`).toMatchInlineSnapshot(`
    "
    How many sites were registered in each of the last 4 weeks, and how many are there in total?
    WEEK        SITES_REGISTERED  SITES_TOTAL
    2026-11-02                 1            1  █████████▎
    2026-11-09                 2            3  ██████████████████▌
    2026-11-16                 3            6  ███████████████████████████▊
    2026-11-23                 4           10  █████████████████████████████████████
    sites_total: 1 ▁▃▅█ 10
    "
  `)
})

test('a plain terminal gets plain characters', () => {
  const text = describeAnswer(answerOf(3), { ink: plain, columns: 80 })

  expect(text).not.toMatch(/[^\x20-\x7e\n]/)
  expect(text).toContain('2026-11-23                 3            6  #####################################\n')
})

test('a narrow terminal gets no bars, and no line is wider for them', () => {
  const text = describeAnswer(answerOf(3), { ink: plain, columns: 44 })

  expect(text).toContain('2026-11-23                 3            6\n')
})

test('a single week is called this week', () => {
  expect(describeAnswer(answerOf(1), { ink: plain, columns: 80 })).toMatch(
    /^How many sites were registered in this week, and how many are there in total\?\n/,
  )
})

test('ten years stand in a screen of lines, and nothing of them is lost', () => {
  const lines = describeAnswer(answerOf(520), { ink: plain, columns: 44 }).trimEnd().split('\n').slice(2, -1)
  const cells = lines.map(line => line.trim().split(/ +/))

  expect(lines).toHaveLength(58)
  expect(cells.reduce((sum, [, counted]) => sum + Number(counted), 0)).toBe((520 * 521) / 2)
  expect(cells.at(-1)).toEqual([
    '2026-09-28',
    String(512 + 513 + 514 + 515 + 516 + 517 + 518 + 519 + 520),
    '135460',
  ])
})

test('every week has a line where that is asked for', () => {
  const text = describeAnswer(answerOf(520), { ink: plain, columns: 44, isEveryWeek: true })

  expect(text.trimEnd().split('\n')).toHaveLength(520 + 3)
})

test('weeks without anything have no bar, and all of them together none either', () => {
  expect(bars([0, 8, 0], 2, blocks)).toEqual(['', '██', ''])
  expect(bars([0, 0], 2, blocks)).toEqual(['', ''])
  expect(sparkline([5, 5], blocks)).toBe('▁▁')
})

test('what is more than nothing can be seen beside a giant', () => {
  expect(bars([1, 1_000_000], 10, blocks)).toEqual(['▏', '██████████'])
  expect(bars([1, 1_000_000], 10, plain)).toEqual(['#', '##########'])
})

test('colour is an escape around the bar', () => {
  expect(bars([1], 1, { hasBlocks: true, hasColour: true })).toEqual(['\u001b[36m█\u001b[0m'])
})
