import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { untilEqual } from './compare.ts'
import { openAs } from './tables.ts'

let stack: TestStack
let there: Database
let warehouse: Database

const source = 'community-db'

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '200', GENERATOR_RATE: '0.001' })
  await ok(['up', '--engine', 'native'])
  there = await openAs(stack, source, 'postgres')
  warehouse = await openAs(stack, 'warehouse', 'postgres')
  await there.query(`create table big (id int primary key, note text);
    insert into big select g, md5(g::text) from generate_series(1, 200000) g;
    create table small (id int primary key, note text);
    insert into small select g, 'n' || g from generate_series(1, 3000) g`)
  await ok(['add', 'table', source, 'public.big', 'public.small', '--yes'])
})

afterAll(async () => {
  await there?.[Symbol.asyncDispose]()
  await warehouse?.[Symbol.asyncDispose]()
  await stack?.[Symbol.asyncDispose]()
})

async function ok(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await stack.trib(args)
  if (code !== 0) throw new Error(`trib ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`)
  return stdout
}

async function chunks(): Promise<number> {
  const { rows } = await there.query<{ count: number }>(
    `select count(*)::int as count from tributary.signal where type = 'snapshot-window-close'`,
  )
  return rows[0]?.count ?? 0
}

const wrong = async () => {
  const { rows } = await warehouse.query<{ id: number }>(
    `select id from small where note is distinct from 'n' || id order by id`,
  )
  return rows.map(({ id }) => id)
}

test('a backfill with a condition reads just these rows again', async () => {
  await warehouse.query(`update small set note = 'spoiled' where id in (5, 2000)`)

  const told = JSON.parse(
    await ok(['backfill', source, 'public.small', '--where', 'id < 1000', '-o', 'json']),
  )

  expect(told).toMatchObject([{ table: 'public.small', rows: 999, where: 'id < 1000', result: 'landed' }])
  await eventually('the row below 1000 to land', async () =>
    (await wrong()).length === 1 ? true : undefined,
  )
  expect(await wrong()).toEqual([2000])
})

test('resync mends what differs, and takes away what the source lacks; no row is missing meanwhile', async () => {
  await warehouse.query(
    `delete from small where id % 100 = 0; insert into small values (-1, 'extra'), (-2, 'extra')`,
  )
  let fewest = Infinity
  let isEnding = false
  const watching = (async () => {
    await using reader = await openAs(stack, 'warehouse', 'postgres')
    while (!isEnding) {
      const { rows } = await reader.query<{ count: number }>('select count(*)::int as count from small')
      fewest = Math.min(fewest, rows[0]?.count ?? 0)
    }
  })()

  const { verify } = JSON.parse(await ok(['resync', 'table', source, 'public.small', '--yes', '-o', 'json']))
  isEnding = true
  await watching

  expect(verify).toMatchObject({ equal: true, tables: [{ table: 'public.small', rows: 3000, repaired: 2 }] })
  expect(fewest).toBe(2972)
  expect(await untilEqual(stack, { source, table: 'small' })).toBe(3_000)
})

/** The connector stores what it reads some seconds later: before that nobody can steer it. */
const steer = (verb: string) =>
  eventually(`${verb} to be heard`, async () => {
    const { code, stdout } = await stack.trib([verb, 'backfill', source, '-o', 'json'])
    return code === 0 ? JSON.parse(stdout) : undefined
  })

const untilChunksStand = () =>
  eventually('the chunks to stand', async () => {
    const now = await chunks()
    await there.query('select pg_sleep(1)')
    return (await chunks()) === now ? now : undefined
  })

/** Without a page the console looks every half a minute; while a stream is open every five seconds. */
async function servedBackfills() {
  const status = await stack.json<{ service: string; url: string }[]>(['status'])
  const url = status.find(({ service }) => service === 'console')?.url
  const ending = new AbortController()
  try {
    await fetch(`${url}/api/events`, { signal: ending.signal })
    const rows = (await (await fetch(`${url}/api/backfills`)).json()) as readonly Readonly<
      Record<string, unknown>
    >[]
    return rows[0]?.['state'] === 'paused' ? rows : undefined
  } finally {
    ending.abort()
  }
}

async function saysTheSame() {
  const [served] = (await servedBackfills()) ?? []
  const [shown] = await stack.json<object[]>(['get', 'backfills'])
  const told: readonly [string, unknown][] = Object.entries({ ...shown, secondsLeft: null })
  return told.every(([key, value]) => served?.[key] === value) ? true : undefined
}

test('a backfill is paused, resumed and stopped, and who waits for it is told', async () => {
  const waiting = stack.trib(['backfill', source, 'public.big'])
  const before = await chunks()
  await eventually('the first chunks', async () => ((await chunks()) > before + 5 ? true : undefined))
  expect(await steer('pause')).toMatchObject([{ table: 'public.big', result: 'paused' }])
  const paused = await untilChunksStand()
  expect(paused).toBeLessThan(before + 196)
  const [shown] = await stack.json<{ rows: number; percent: number }[]>(['get', 'backfills'])
  expect(shown).toMatchObject({
    ...{ source: 'community-source', table: 'public.big', where: null, state: 'paused' },
  })
  expect(shown?.rows).toBeGreaterThan(150_000)
  expect(shown?.percent).toBeGreaterThan(0)
  expect(shown?.percent).toBeLessThan(100)
  // Connect writes down every five seconds how far it is, also after the last chunk.
  await eventually('the console to say the same', saysTheSame, { deadlineMs: 60_000 })
  expect(await steer('resume')).toMatchObject([{ result: 'running' }])
  await eventually('more chunks', async () => ((await chunks()) > paused ? true : undefined))
  expect(await steer('stop')).toMatchObject([{ result: 'stopped' }])

  const { code, stderr } = await waiting
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /the backfill of community-source was stopped, with public\.big: [\d,]+ of 200,000 rows/,
  )
  const { code: again, stderr: nothing } = await stack.trib(['pause', 'backfill', source])
  expect({ again, nothing }).toMatchObject({
    again: 2,
    nothing: expect.stringContaining('is reading no rows again'),
  })
})

test('a pause that a restart of the connector forgot is shown as what it is: the rows are read', async () => {
  interface Shown {
    readonly state: string
  }
  await ok(['backfill', source, 'public.big', '--no-wait'])
  await steer('pause')
  await untilChunksStand()
  expect(await stack.json<Shown[]>(['get', 'backfills'])).toMatchObject([{ state: 'paused' }])

  await ok(['restart', 'community-source', '--tasks', 'all'])

  const shown = () => stack.json<Shown[]>(['get', 'backfills'])
  const isRead = async () => ((await shown())[0]?.state === 'running' ? true : undefined)
  await eventually('it to be read', isRead, { deadlineMs: 30_000 })
  const isOver = async () => ((await shown()).length === 0 ? true : undefined)
  await eventually('all to be read', isOver, { deadlineMs: 60_000 })
})

test.each([
  [['--where', 'id >'], 2, `'id >' is no condition on public.small`],
  [['--where', 'nothing = 1'], 2, 'column "nothing" does not exist'],
  [['--where', 'true); drop table small; --'], 2, 'is no condition on public.small'],
])('a backfill with %j is refused, and nothing is asked for', async (args, exit, sentence) => {
  const { code, stderr } = await stack.trib(['backfill', source, 'public.small', ...args])
  expect({ code, stderr }).toMatchObject({ code: exit, stderr: expect.stringContaining(sentence) })
  expect((await there.query('select from small')).rows).toHaveLength(3_000)
})

test('a backfill of a stopped connector is refused at once', async () => {
  await ok(['stop', 'community-source'])
  onTestFinished(async () => void (await ok(['resume', 'community-source'])))
  const { code, stderr } = await stack.trib(['backfill', source, 'public.small'])
  expect(code).toBe(1)
  expect(stderr).toContain(
    'community-source is STOPPED, so that nobody would read the rows; nothing was asked for',
  )
  expect(stderr).toContain('npx trib resume')
})

test('a removed table is as it was where something depends on it; else it flows no more, and comes back when added', async () => {
  await warehouse.query('create view on_small as select count(*) from small')
  const before = await stack.json(['get', 'connectors', '-o', 'json'])
  const refused = await stack.trib(['remove', 'table', source, 'public.small', '--drop', '--yes'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('other objects depend on it')
  expect(refused.stderr).toContain('what was done before is taken back')
  expect(await stack.json(['get', 'connectors', '-o', 'json'])).toEqual(before)
  await there.query(`insert into small values (5000, 'n5000')`)
  expect(await untilEqual(stack, { source, table: 'small' })).toBe(3_001)

  await ok(['remove', 'table', source, 'public.small', '--yes'])
  await there.query(`insert into small values (5001, 'n5001')`)
  await there.query(`insert into big values (300000, 'after')`)
  await untilEqual(stack, { source, table: 'big' })
  expect((await warehouse.query('select from small')).rows).toHaveLength(3_001)
  const { rows } = await there.query(`select from pg_publication_tables where tablename = 'small'`)
  expect(rows).toEqual([])

  await ok(['add', 'table', source, 'public.small', '--yes'])
  expect(await untilEqual(stack, { source, table: 'small' })).toBe(3_002)
  await warehouse.query('drop view on_small')
  await ok(['remove', 'table', source, 'public.small', '--drop', '--yes'])
  expect((await warehouse.query(`select to_regclass('small') as there`)).rows).toEqual([{ there: null }])
  expect((await stack.trib(['doctor', '-o', 'json'])).code).toBe(0)
})
