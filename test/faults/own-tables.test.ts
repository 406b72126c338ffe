import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { untilEqual } from './compare.ts'
import { hostileTables } from './hostile-tables.ts'
import { createTpcB, runTpcB } from './load/tpc-b.ts'
import { openAs } from './tables.ts'
import { watchGap } from './watch-gap.ts'
import { startWriter } from './writer.ts'

let stack: TestStack
let there: Database
let warehouse: Database

const source = 'community-db'
const longestPauseMs = 30_000

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '200', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  there = await openAs(stack, source, 'postgres')
  warehouse = await openAs(stack, 'warehouse', 'postgres')
})

afterAll(async () => {
  await there?.[Symbol.asyncDispose]()
  await warehouse?.[Symbol.asyncDispose]()
  await stack?.[Symbol.asyncDispose]()
})

interface Added {
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  readonly leftOut: readonly { readonly table: string; readonly reason: string }[]
  readonly verify: { readonly equal: boolean } | null
}

async function add(...names: readonly string[]): Promise<Added & { readonly seconds: number }> {
  const { code, stdout, stderr, seconds } = await stack.trib([
    ...['add', 'table', source, ...names, '--yes', '-o', 'json'],
  ])
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`)
  return { ...JSON.parse(stdout), seconds }
}

const newUser = `insert into "CommunityUsers" (email, username, registration_timestamp) values ('a', 'b', now())`

test('a table of 100,000 rows that is written at 200 rows a second is added, and verify is clean', async () => {
  await there.query(`create table busy (id bigint primary key, n int not null, note text);
    insert into busy select g, 0, md5(g::text) from generate_series(1, 100000) g`)
  await using users = await startWriter(stack, { source, statement: () => newUser })
  await using writer = await startWriter(stack, {
    ...{ source, rate: 200 },
    statement: n =>
      [
        `insert into busy values (${200_000 + n}, ${n}, 'new')`,
        `update busy set n = n + 1, note = 'changed' where id = ${1 + ((n * 7_919) % 100_000)}`,
        `update busy set n = n + 1 where id = ${1 + ((n * 104_729) % 100_000)}`,
        `delete from busy where id = ${1 + ((n * 15_485_863) % 100_000)}`,
      ][n % 4] ?? '',
  })
  const longest = watchGap(warehouse, '"CommunityUsers"')

  const added = await add('public.busy')

  const pauseMs = await longest()
  const { perSecond } = await writer.stop()
  await users.stop()
  process.stderr.write(
    `100,000 rows at ${perSecond.toFixed(0)} rows/s: added and verified in ${added.seconds.toFixed(0)} s, other tables paused ${Math.round(pauseMs)} ms\n`,
  )
  expect(added).toMatchObject({ tables: [{ table: 'public.busy' }], leftOut: [], verify: { equal: true } })
  expect(perSecond).toBeGreaterThan(190)
  expect(pauseMs).toBeLessThan(longestPauseMs)
  expect(await untilEqual(stack, { source, table: 'busy' })).toBeGreaterThan(95_000)
})

test("pgbench's tables are added while it runs: the keyed ones are equal, the one without a key is left out", async () => {
  await createTpcB(there, 10)
  const load = runTpcB(stack, { source, scale: 10, rate: 300, seconds: 60 })

  const added = await add('public.pgbench_*')

  const { transactions } = await load
  process.stderr.write(
    `1,000,110 rows at ${(transactions / 60).toFixed(0)} transactions/s: added and verified in ${added.seconds.toFixed(0)} s\n`,
  )
  expect(transactions).toBeGreaterThan(60 * 290)
  expect(added).toMatchObject({
    tables: ['accounts', 'branches', 'tellers'].map(name => ({ table: `public.pgbench_${name}` })),
    leftOut: [{ table: 'public.pgbench_history', reason: expect.stringContaining('has no primary key') }],
    verify: { equal: true },
  })
  for (const name of ['accounts', 'branches', 'tellers']) {
    await untilEqual(stack, { source, table: `pgbench_${name}` })
  }
  const { rows } = await warehouse.query(
    `select (select sum(abalance) from pgbench_accounts) as accounts, (select sum(tbalance) from pgbench_tellers) as tellers,
       (select sum(bbalance) from pgbench_branches) as branches`,
  )
  const { rows: history } = await there.query(
    'select sum(delta) as sum, count(*)::int as count from pgbench_history',
  )
  const sum = history[0]?.['sum']
  expect(rows).toEqual([{ accounts: sum, tellers: sum, branches: sum }])
  expect(history[0]?.['count']).toBe(transactions)
})

test('a row whose commit nobody sees yet while it is read is read again', async () => {
  await there.query(
    `create table late (id int primary key, note text); insert into late select g, 'old' from generate_series(1, 100000) g`,
  )
  // From here on a commit of this writer is in the WAL, but seen by nobody, until it stops to wait for a standby.
  for (const [key, value] of [
    ['synchronous_commit', 'local'],
    ['synchronous_standby_names', 'nobody'],
  ])
    await there.query(`alter system set ${key} = '${value}'`)
  await there.query('select pg_reload_conf()')
  await using writer = await openAs(stack, source, 'postgres')
  await writer.query('set synchronous_commit = on')
  const { rows } = await writer.query<{ pid: number }>('select pg_backend_pid() as pid')
  const landed = async (where: string, note: string) => {
    const { rowCount } = await warehouse.query(`select from late where ${where} and note = '${note}' limit 1`)
    return rowCount === 0 ? undefined : true
  }
  const quick = { intervalMs: 20, deadlineMs: 60_000 }

  const adding = stack.trib(['add', 'table', source, 'public.late', '--yes', '-o', 'json'])
  const isMade = async () =>
    (await warehouse.query(`select to_regclass('late') as made`)).rows[0]?.['made'] ?? undefined
  await eventually('the landing table', isMade, quick)
  await eventually('the first rows', () => landed('id < 50000', 'old'), quick)
  const written = writer.query(`update late set note = 'new' where id = 80000`)
  await eventually('the new row', () => landed('id = 80000', 'new'), quick)
  await eventually('the old one over it', () => landed('id = 80000', 'old'), quick)
  await there.query('select pg_cancel_backend($1)', [rows[0]?.pid])
  await written

  const { code, stdout, stderr } = await adding
  for (const key of ['synchronous_commit', 'synchronous_standby_names'])
    await there.query(`alter system reset ${key}`)
  await there.query('select pg_reload_conf()')
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('public.late: 1 row was written while being read, and is read once more')
  expect(JSON.parse(stdout).verify).toMatchObject({ equal: true, tables: [{ repaired: 1 }] })
  expect(await untilEqual(stack, { source, table: 'late' })).toBe(100_000)
})

test('names with spaces, dots, quotes and emoji land under the names that their topics can have', async () => {
  const names = ['my table', `it's`, 'quo"te', 'emo😀ji']
  for (const name of names) {
    await there.query(`create table "${name.replaceAll('"', '""')}" (id int primary key, note text)`)
    await there.query(`insert into "${name.replaceAll('"', '""')}" values (1, 'old')`)
  }

  const added = await add(...names.map(name => `public.${name}`))

  expect(added.verify).toMatchObject({ equal: true })
  const { rows } = await warehouse.query(
    `select (select note from my_table) as one, (select note from it_s) as two, (select note from quo_te) as three`,
  )
  expect(rows).toEqual([{ one: 'old', two: 'old', three: 'old' }])
})

/** Of 3,000 rows, which is three chunks: the key of the last row of a chunk is what the next begins with. */
const keys: Readonly<Record<string, string>> = {
  uuid: 'md5(g::text)::uuid',
  text: `'k' || g`,
  bpchar: 'lpad(g::text, 6)::char(8)',
  numeric: 'g::numeric(20,2)',
  int2: 'g::int2',
  date: `date '2000-01-01' + g`,
  bytea: `decode(md5(g::text), 'hex')`,
  inet: `'10.0.0.0'::inet + g`,
  timestamp: `timestamp '2000-01-01' + g * interval '1 min'`,
  timestamptz: `timestamptz '2000-01-01' + g * interval '1 min'`,
  time: `time '00:00' + g * interval '10 s'`,
}

test('old rows come whole whatever type the key is of, or are refused', async () => {
  for (const [type, key] of Object.entries(keys)) {
    await there.query(`create table keyed_${type} as select ${key} as id, g from generate_series(1, 3000) g`)
    await there.query(`alter table keyed_${type} add primary key (id)`)
  }

  const added = await add('public.keyed_*')

  expect(added.verify).toMatchObject({ equal: true })
  expect(added.leftOut.map(({ table }) => table)).toEqual([
    ...['public.keyed_time', 'public.keyed_timestamp', 'public.keyed_timestamptz'],
  ])
  for (const { reason } of added.leftOut) expect(reason).toContain('by which Debezium cannot read rows again')
  expect(added.tables).toHaveLength(8)
})

test('a table whose old rows could not be read is added while it is empty, and a repair of its rows is refused', async () => {
  await there.query('create table moments (at timestamptz primary key, note text)')
  expect((await add('public.moments')).verify).toMatchObject({ equal: true })
  await there.query(`insert into moments select to_timestamp(g), 'n' from generate_series(1, 20) g`)
  expect(await untilEqual(stack, { source, table: 'moments' })).toBe(20)
  await warehouse.query(
    `delete from moments where at <= to_timestamp(3); insert into moments values (to_timestamp(99))`,
  )

  const { code, stdout, stderr } = await stack.trib([
    'verify',
    '--repair',
    '--yes',
    '--table',
    'moments',
    '-o',
    'json',
  ])

  expect({ code, stderr }).toMatchObject({ code: 1 })
  expect(JSON.parse(stdout).tables).toMatchObject([
    { table: 'public.moments', error: expect.stringContaining('by which Debezium cannot read rows again') },
  ])
  const said = JSON.parse(stdout).tables[0]
  expect([said.missing.length, said.extra.length]).toEqual([3, 1])
})

hostileTables(() => ({ stack, there, warehouse }))

/** The last: it ends the sessions that the others have. */
test('the stack brought up again keeps the tables that were added, and a key that was patched', async () => {
  await there.query('create table lasting (id int primary key, note text)')
  await add('public.lasting')
  const patched = await stack.trib([
    'patch',
    'connector',
    'warehouse-sink',
    '--set',
    'batch.size=1000',
    '--yes',
  ])
  expect(patched).toMatchObject({ code: 0 })

  for (const words of [['up'], ['down'], ['up']]) expect(await stack.trib(words)).toMatchObject({ code: 0 })

  await using database = await openAs(stack, source, 'postgres')
  await database.query(`insert into lasting values (1, 'after')`)
  expect(await untilEqual(stack, { source, table: 'lasting' })).toBe(1)
  expect(await stack.json(['describe', 'connector', 'warehouse-sink'])).toMatchObject({
    config: { 'batch.size': '1000' },
  })
})
