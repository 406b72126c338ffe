import { expect, test } from 'vitest'
import { createAnswers } from '../../../control/console/answers/answers.ts'
import type { AnswerChange, AnswerRow } from '../../../control/console/messages.ts'
import type { Observation } from '../../../control/console/watch/observation.ts'
import type { Database } from '../../../control/database/connect.ts'
import { judge } from '../../../control/health/judge.ts'
import type { Chart } from '../../../control/scenarios/scenario.ts'
import { worldOf } from '../../support/console/worlds.ts'

const chart: Chart = {
  ...{ question: 'sales', title: 'Sales', view: 'sales_by_week' },
  ...{ bars: { column: 'sold', label: 'sold' }, line: { column: 'total', label: 'in total' } },
}

function setUp() {
  const world = {
    rows: [['2026-01-05', 1, 1]] as readonly AnswerRow[],
    asked: 0,
    problem: '',
    now: 1_000_000,
  }
  const told: AnswerChange[] = []
  const answers = createAnswers({
    charts: [chart],
    openWarehouse: async (): Promise<Database> => ({
      where: 'here',
      async query() {
        world.asked += 1
        if (world.problem) throw new Error(world.problem)
        return { rows: world.rows.map(([week, bars, line]) => ({ week, bars, line })) } as never
      },
      async [Symbol.asyncDispose]() {},
    }),
    clock: { now: () => world.now, wait: async () => {} },
    onChange: change => told.push(change),
  })
  const look = async (rows: number) => {
    world.now += 1_000
    const snapshot = worldOf(['shop'], { rows, atMs: world.now })
    const seen: Observation = { snapshot, report: judge(snapshot), flows: [], brokers: [], tookMs: 1 }
    await answers.consider(seen)
  }
  return { world, told, answers, look }
}

test('the views are asked when rows move, once more right after, and not while nothing moves', async () => {
  const { world, look } = setUp()

  for (const rows of [1, 1, 1, 1, 2, 2, 2, 2]) await look(rows)

  expect(world.asked).toBe(4)
})

test('after a minute they are asked again: on Monday there is a new week', async () => {
  const { world, look } = setUp()
  for (const rows of [1, 1, 1]) await look(rows)

  world.now += 60_000
  await look(1)

  expect(world.asked).toBe(3)
})

test('only the weeks that changed are told, and those that are gone', async () => {
  const { world, told, answers, look } = setUp()
  await look(1)
  world.rows = [
    ['2026-01-05', 1, 1],
    ['2026-01-12', 4, 5],
  ]
  await look(2)
  world.rows = [['2026-01-12', 4, 4]]
  await look(3)

  expect(told.map(({ rows, goneWeeks }) => [rows, goneWeeks])).toEqual([
    [[['2026-01-05', 1, 1]], []],
    [[['2026-01-12', 4, 5]], []],
    [[['2026-01-12', 4, 4]], ['2026-01-05']],
  ])
  expect(answers.whole()).toMatchObject([{ isWhole: true, rows: [['2026-01-12', 4, 4]] }])
})

test('a warehouse that is away is told once, keeps what is shown, and is tried again', async () => {
  const { world, told, answers, look } = setUp()
  await look(1)
  world.problem = 'nothing listens there'
  for (const rows of [2, 2, 2]) await look(rows)

  expect(told.slice(1)).toMatchObject([{ problem: 'nothing listens there', rows: [] }])
  expect(answers.whole()).toMatchObject([{ rows: [['2026-01-05', 1, 1]], problem: 'nothing listens there' }])

  world.problem = ''
  await look(2)
  expect(told.at(-1)).toMatchObject({ problem: null })
})
