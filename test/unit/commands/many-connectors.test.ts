import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFakeWorld } from './fake-world.ts'

const many = 500

async function fastest(times: number, act: () => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let count = 0; count < times; count += 1) {
    const startedAt = performance.now()
    await act()
    took.push(performance.now() - startedAt)
  }
  return Math.min(...took)
}

test('get connectors of 500 is one request, printed within 300 ms of its answer', async () => {
  await using world = await openFakeWorld()
  world.fake.seed(many)
  const list = `${world.fake.url}/connectors?expand=info&expand=status`

  const answerMs = await fastest(3, async () => (await fetch(list)).text())
  const before = world.fake.count()
  const { code, stdout } = await world.terminal.run(['get', 'connectors'])
  expect([code, stdout.split('\n').length]).toEqual([0, many + 2])
  expect(world.fake.count() - before).toBe(1)

  expect(await fastest(3, () => world.terminal.run(['get', 'connectors']))).toBeLessThan(answerMs + 300)
})

test('diff and apply --dry-run of 500 files ask no more often than of one', async () => {
  await using world = await openFakeWorld()
  world.fake.seed(many)
  const folder = join(world.terminal.folder, 'all')
  await world.terminal.run(['export', '--to', folder])
  const requestsOf = async (args: string) => {
    const before = world.fake.count()
    const { code, stdout } = await world.terminal.run(args.split(' '))
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+ unchanged\n$/)])
    return world.fake.count() - before
  }

  const one = await requestsOf(`diff -f ${folder}/seeded-0007.json`)

  expect(one).toBeLessThanOrEqual(2)
  expect(await requestsOf(`diff -f ${folder}`)).toBe(one)
  expect(await requestsOf(`apply -f ${folder} --dry-run`)).toBe(one)
})
