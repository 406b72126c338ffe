import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { askHealth, paste, untilSeen, untilWell } from './ask-health.ts'
import type { Status } from './observed.ts'
import { isAlive, launchOf, recordOf, startAgain } from './processes.ts'
import { flows, insertEverywhere, landedWith, openAs } from './tables.ts'

let stack: TestStack
let url: string

beforeAll(async () => {
  stack = createTestStack({ CONSOLE_RESTARTS: 'true', GENERATOR_HISTORY: '200', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  const status = await stack.json<(Status & { url: string })[]>(['status'])
  url = status.find(({ service }) => service === 'console')?.url ?? ''
  await untilWell(stack)
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

interface Entry {
  readonly subject: string
  readonly text: string
  readonly command: string | null
}

async function saidOfSink(): Promise<readonly Entry[]> {
  const entries = (await (await fetch(`${url}/api/activity`)).json()) as readonly Entry[]
  return entries.filter(({ subject }) => subject === 'warehouse-sink')
}

async function restarts(): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const [, count] = /tributary_watcher_restarts_total\{connector="warehouse-sink"\} (\d+)/.exec(metrics) ?? []
  return Number(count)
}

const untilSaid = (text: RegExp) =>
  eventually(
    `the console to say ${text}`,
    async () => (await saidOfSink()).find(entry => text.test(entry.text)),
    { deadlineMs: 60_000, intervalMs: 200 },
  )

const sinkWaits = "select 1 from pg_stat_activity where usename = 'sink' and wait_event_type = 'Lock'"

/** A fast shutdown while the sink waits inside its batch. */
async function endWarehouseInMidBatch(): Promise<string> {
  await using warehouse = await openAs(stack, 'warehouse', 'postgres')
  await warehouse.query('begin')
  await warehouse.query('lock table "CommunityUsers" in exclusive mode')
  const email = await insertEverywhere(stack)
  await eventually(
    'the sink to be in the middle of a batch',
    async () => ((await warehouse.query(sinkWaits)).rows.length > 0 ? true : undefined),
    { deadlineMs: 30_000 },
  )
  const { pid, stopSignal } = recordOf(stack.folder, 'warehouse')
  process.kill(pid, stopSignal)
  await eventually('the warehouse to end', async () => (isAlive(pid) ? undefined : true), {
    deadlineMs: 30_000,
  })
  return email
}

const untilSinkFailed = () =>
  eventually(
    'the sink to fail',
    async () => {
      const { pipelines } = await askHealth(stack)
      return pipelines[0]?.hops.find(({ hop, state }) => hop === 'sink' && state === 'failed')
    },
    { deadlineMs: 40_000, intervalMs: 200 },
  )

test('a sink that a warehouse outage failed in mid-batch heals without any command', async () => {
  const launch = launchOf(recordOf(stack.folder, 'warehouse').pid)
  const email = await endWarehouseInMidBatch()
  await untilSinkFailed()
  await untilSaid(/is restarted once this is mended: the warehouse does not answer/)
  expect(await restarts()).toBe(0)

  await startAgain(stack.folder, 'warehouse', launch)

  await untilSaid(/^runs again after /)
  await untilWell(stack)
  await eventually('the rows of the batch to land', async () =>
    (await landedWith(stack, email)).length === flows.length ? true : undefined,
  )
  expect(await restarts()).toBeGreaterThanOrEqual(1)
})

test('a sink that lacks a column is left alone, and flows again after the printed command', async () => {
  const before = await restarts()
  await using source = await openAs(stack, 'community-db', 'postgres')
  await source.query('alter table "CommunityUsers" add column nick text')
  const email = await insertEverywhere(stack)

  const seen = await untilSeen(stack, 'community-source', 'column-missing')
  const left = await untilSaid(/^is not restarted, as that would not mend it: .* lacks /)

  expect(left.command).toBe(seen.command)
  // Two looks of an unwatched console later nothing has changed.
  const looked = Date.now()
  await eventually('two more looks', async () => (Date.now() - looked > 12_000 ? true : undefined), {
    deadlineMs: 15_000,
    intervalMs: 500,
  })
  expect(await restarts()).toBe(before)
  await paste(left.command)
  await untilWell(stack)
  expect(await landedWith(stack, email)).toEqual(flows.map(({ table }) => table))
})
