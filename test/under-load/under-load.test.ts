import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { askHealth, paste, untilWell } from '../faults/ask-health.ts'
import { allFaults } from '../faults/faults/all-faults.ts'
import { type Ground, openGround } from '../faults/faults/ground.ts'
import { heal } from '../faults/faults/heal.ts'
import { startWriter, untilUnderLoad, type Writer } from '../faults/load/writer.ts'
import { flows, openAs, untilTablesEqual } from '../faults/tables.ts'
import { createTestStack, type TestStack } from '../support/trib.ts'

/** One stack for all of them in turn: each fault leaves it whole for the next. */
let stack: TestStack
let ground: Ground
let writers: readonly Writer[] = []
let isWhole = true

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '500', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native', '--profile', 'two-workers'])
  if (code !== 0) throw new Error(stderr)
  ground = await openGround(stack)
  writers = flows.map(flow => startWriter({ ...flow, open: () => openAs(stack, flow.source, 'generator') }))
})

/** After a fault that was not mended the next one would say nothing. */
beforeEach(async () => {
  if (isWhole) return
  await stack.trib(['up', '--profile', 'two-workers'])
  for (const { state, command } of (await askHealth(stack)).pipelines)
    if (state === 'failed') await paste(command)
  await untilWell(stack, { deadlineMs: 90_000 })
  await stack.trib(['verify', '--repair', '--yes'])
  await untilTablesEqual(stack)
})

afterAll(async () => {
  await Promise.all(writers.map(writer => writer[Symbol.asyncDispose]()))
  await stack?.[Symbol.asyncDispose]()
})

for (const fault of allFaults) {
  test(fault.name, async () => {
    isWhole = false
    for (const writer of writers) writer.resume()
    await untilUnderLoad(writers)

    const clock = stopwatch()
    await fault.does(ground)
    clock.lap('met')
    const healed = await heal(ground, fault)
    clock.lap('healing')
    await untilWell(stack, { deadlineMs: 90_000 })
    clock.lap('well')
    await Promise.all(writers.map(writer => writer.pause()))
    await untilTablesEqual(stack, 90_000)
    clock.lap('equal')
    isWhole = true

    const stocks = writers.map(writer => writer.takeStock())
    tell({
      fault: fault.name,
      healed,
      ...clock.laps,
      stocks: stocks.map(({ perSecond, outages }) => `${Math.round(perSecond)}/s ${outages} out`),
    })
    for (const writer of writers) expect(await writer.broken()).toEqual([])
    for (const { perSecond } of stocks) expect(perSecond).toBeGreaterThanOrEqual(50)
  })
}

function stopwatch() {
  const laps: Record<string, number> = {}
  let since = performance.now()
  return {
    laps,
    lap(name: string) {
      const now = performance.now()
      laps[name] = Math.round((now - since) / 100) / 10
      since = now
    },
  }
}

/** Past the reporter, which would print a heading for each line. */
const tell = (what: unknown) => void process.stdout.write(`${JSON.stringify(what)}\n`)
