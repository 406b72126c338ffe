import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { untilSeen, untilWell } from './ask-health.ts'
import { untilEqual } from './compare.ts'
import type { Status } from './observed.ts'
import { openAs } from './tables.ts'
import { startWriter } from './writer.ts'

let stack: TestStack

const source = 'community-db'
const sink = 'warehouse-sink'
const topic = 'community-db.public.parcels'

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '200', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  await inDatabase(source, 'create table public.parcels (id bigint primary key, label text)')
  const added = await stack.trib(['add', 'table', source, 'public.parcels', '--yes'])
  if (added.code !== 0) throw new Error(added.stderr)
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

async function inDatabase(service: string, statement: string): Promise<void> {
  await using database = await openAs(stack, service, 'postgres')
  await database.query(statement)
}

const writeParcels = () =>
  startWriter(stack, { source, statement: n => `insert into parcels values (${n + 1}, 'label ${n}')` })

test('where nothing failed and nothing was put aside, that is said', async () => {
  const source = await stack.trib(['skip', 'community-source', '--yes'])
  const running = await stack.trib(['skip', sink, '--yes'])
  const empty = await stack.trib(['dlq', 'replay', sink, '--yes'])
  const none = await stack.trib(['get', 'dlq'])

  expect([source, running, empty].map(({ code, stderr }) => `${code} ${stderr.split('\n')[0]}`)).toEqual([
    '2 USAGE: community-source is a source: only a sink reads records that could be skipped',
    '2 USAGE: no task of warehouse-sink has failed: there is no record that it cannot pass',
    '2 USAGE: no record of warehouse-sink was put aside: there is nothing to replay',
  ])
  expect({ code: none.code, stderr: none.stderr }).toEqual({ code: 0, stderr: 'no record was put aside\n' })
})

test('a record that the warehouse refuses is named within 10 s, skipped alone, and mended by a replay', async () => {
  const config = await stack.json(['get', 'connectors', '-o', 'json'])
  await inDatabase('warehouse', 'alter table parcels alter column label type varchar(20)')
  await using writer = await writeParcels()
  await writer.untilCommitted(100)

  await inDatabase(source, "insert into parcels values (-1, 'a label of more than twenty letters')")
  const seen = await untilSeen(stack, 'community-source', 'value-does-not-fit', { deadlineMs: 10_000 })

  expect(seen).toMatchObject({ state: 'failed', command: expect.stringContaining(`${sink}`) })
  expect(seen.cause).toContain('public.parcels')
  const shown = await stack.trib(['skip', sink, '--dry-run', '-o', 'json'])
  expect({ code: shown.code, ...JSON.parse(shown.stdout) }).toMatchObject({
    ...{ code: 3, connector: sink, topic, partition: 0, stage: 'TASK_PUT' },
    cause: 'value too long for type character varying(20) (22001)',
    key: { id: -1 },
    value: { id: -1, label: 'a label of more than twenty letters' },
  })

  const { code, stderr } = await stack.trib(['skip', sink, '--yes'])

  expect({ code, stderr }).toMatchObject({ code: 0 })
  await writer.untilCommitted(500)
  await writer.stop()
  await untilOnlyMissing('-1')
  expect(await stack.json(['get', 'connectors', '-o', 'json'])).toEqual(config)
  const skipped = await untilSeen(stack, 'community-source', 'records-skipped')
  expect(skipped).toMatchObject({
    state: 'degraded',
    cause:
      '1 record that warehouse-sink could not land was put aside, and is not mended yet (npx trib get dlq)',
  })
  expect(await stack.json(['get', 'dlq', '-o', 'json'])).toMatchObject([
    { connector: sink, topic, stage: 'TASK_PUT', records: 1, open: 1, letters: [{ key: { id: -1 } }] },
  ])

  const printed = await stack.json<object[]>(['get', 'dlq'])
  await eventually(
    'the console to serve the same',
    async () => JSON.stringify(await servedLetters()) === JSON.stringify(printed) || undefined,
    { deadlineMs: 60_000, intervalMs: 500 },
  )

  const again = await stack.trib(['dlq', 'replay', sink, '--yes'])
  expect({ code: again.code, stdout: again.stdout }).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(
      'the row would fail again: value too long for type character varying(20)',
    ),
  })

  await inDatabase('warehouse', 'alter table parcels alter column label type text')
  const mended = await stack.trib(['dlq', 'replay', sink, '--yes'])
  expect({ code: mended.code, stdout: mended.stdout }).toEqual({
    code: 0,
    stdout: '1 of 1 records are mended: their tables equal their sources\n',
  })
  expect(await untilEqual(stack, { source, table: 'public.parcels' })).toBeGreaterThan(500)
  await untilWell(stack)
})

test('a record that is no JSON is skipped, and what comes after it lands', async () => {
  await produce('this is no JSON')
  await inDatabase(source, "insert into parcels values (-2, 'after it')")
  const seen = await untilSeen(stack, 'community-source', 'bad-record', { deadlineMs: 10_000 })
  expect(seen.state).toBe('failed')

  const { code, stdout, stderr } = await stack.trib(['skip', sink, '--yes', '-o', 'json'])

  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(JSON.parse(stdout)).toMatchObject({ stage: 'VALUE_CONVERTER', value: 'this is no JSON' })
  await untilEqual(stack, { source, table: 'public.parcels' })
  expect((await stack.trib(['dlq', 'replay', sink, '--yes'])).code).toBe(0)
  await untilWell(stack)
})

/** A value that does not fit, skipped. */
async function putAsideOf(statement: string): Promise<void> {
  await inDatabase(source, statement)
  await untilSeen(stack, 'community-source', 'value-does-not-fit')
  const { code, stderr } = await stack.trib(['skip', sink, '--yes'])
  if (code !== 0) throw new Error(stderr)
}

test('a raw replay writes again what overwrites nothing newer, and refuses the others one by one', async () => {
  const long = `'a label of more than twenty letters'`
  await inDatabase(
    'warehouse',
    'alter table parcels alter column label type varchar(20) using left(label, 20)',
  )
  await putAsideOf(`insert into parcels values (-4, ${long})`)
  await putAsideOf(`insert into parcels values (-3, ${long})`)
  await inDatabase(source, `update parcels set label = 'short' where id = -3`)

  const early = await stack.trib(['dlq', 'replay', sink, '--raw', '--yes'])
  expect({ code: early.code, stdout: early.stdout }).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^0 of 2 .*\n.* is not: it would fail again: value too long .*\n.* is not: a later record of its key lies at \d+, which it would overwrite\n$/,
    ),
  })

  await inDatabase('warehouse', 'alter table parcels alter column label type text')
  const { code, stdout } = await stack.trib(['dlq', 'replay', sink, '--raw', '--yes', '-o', 'json'])

  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    ...{ code: 1, connector: sink, mended: 1 },
    left: [{ reason: expect.stringContaining('a later record of its key lies at') }],
  })
  expect(await stack.sql('warehouse', 'select id, label from parcels where id < -2 order by id')).toEqual([
    { id: '-4', label: 'a label of more than twenty letters' },
    { id: '-3', label: 'short' },
  ])
  expect((await stack.trib(['dlq', 'replay', sink, '--yes'])).code).toBe(0)
  await untilWell(stack)
})

/** As the console serves it, but for the command that it adds. */
async function servedLetters(): Promise<readonly object[]> {
  const status = await stack.json<(Status & { url: string })[]>(['status'])
  const url = status.find(({ service }) => service === 'console')?.url
  const groups = (await (await fetch(`${url}/api/dlq`)).json()) as readonly { readonly command: string }[]
  return groups.map(({ command: _command, ...group }) => group)
}

async function untilOnlyMissing(id: string): Promise<void> {
  await using there = await openAs(stack, source, 'postgres')
  await using here = await openAs(stack, 'warehouse', 'postgres')
  const all = 'select id, label from parcels order by id'
  await eventually(
    `all rows but ${id} to land`,
    async () => {
      const rows = (await there.query<{ id: string }>(all)).rows.filter(row => row.id !== id)
      return JSON.stringify(rows) === JSON.stringify((await here.query(all)).rows) || undefined
    },
    { deadlineMs: 60_000, intervalMs: 200 },
  )
}

/** As a stranger would who writes to the topic. */
async function produce(value: string): Promise<void> {
  const status = await stack.json<Status[]>(['status'])
  const port = status.find(({ service }) => service === 'kafka-1')?.port
  const producer = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  await producer.send({ topic, messages: [{ key: null, value }] })
  await producer.disconnect()
}
