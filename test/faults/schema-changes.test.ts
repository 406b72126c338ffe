import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { paste } from './ask-health.ts'
import { untilEqual } from './compare.ts'
import { type Follower, startFollower } from './follower.ts'
import { openAs } from './tables.ts'
import { watchGap } from './watch-gap.ts'
import { startWriter, type Writer } from './writer.ts'

let stack: TestStack
let follower: Follower
let writer: Writer
let there: Database
let warehouse: Database

const source = 'community-db'
/** A change must flow within this time. */
const longestPauseMs = 30_000
const pauses: string[] = []

/** What the application writes; a change of the schema brings the next. */
let insert = `insert into orders (label, amount, price, note) values ('label', 1, 1.25, 'a note')`
/** Each third commit touches an older row, by a column that no test changes. */
const statement = (n: number) =>
  n % 3 === 2
    ? 'update orders set touched = touched + 1 where id = (select max(id) - 30 from orders)'
    : n % 30 === 4
      ? 'delete from orders where id = (select max(id) - 60 from orders)'
      : insert

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '200', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  there = await openAs(stack, source, 'postgres')
  warehouse = await openAs(stack, 'warehouse', 'postgres')
  await captured(
    'orders',
    `id bigint generated always as identity primary key, label varchar(20) not null, amount int not null,
     price numeric(6,2), note text not null, touched int not null default 0`,
  )
  follower = startFollower(stack)
  writer = await startWriter(stack, { source, statement })
  await landedAfter(0)
})

afterAll(async () => {
  try {
    const { transactions, perSecond } = await writer.stop()
    pauses.push(`in all ${transactions} transactions, ${perSecond.toFixed(0)} a second`)
    process.stderr.write(pauses.map(line => `pause of the flow: ${line}\n`).join(''))
    await follower?.[Symbol.asyncDispose]()
    await there?.[Symbol.asyncDispose]()
    await warehouse?.[Symbol.asyncDispose]()
  } finally {
    await stack?.[Symbol.asyncDispose]()
  }
})

afterEach(async () => {
  await landedAfter(await lastId())
})

async function captured(table: string, definition: string): Promise<void> {
  await there.query(`create table public.${table} (${definition})`)
  const { code, stderr } = await stack.trib(['add', 'table', source, `public.${table}`, '--yes'])
  if (code !== 0) throw new Error(stderr)
}

async function lastId(): Promise<number> {
  const { rows } = await there.query<{ id: string }>('select coalesce(max(id), 0) as id from orders')
  return Number(rows[0]?.id)
}

/** Waits until a row that was written after that one is in the warehouse; `condition` on the landed row. */
async function landedAfter(id: number, condition = '1 == 1', deadlineMs = longestPauseMs): Promise<void> {
  await eventually(
    `a row after ${id} with ${condition} to land`,
    async () => {
      const { rows } = await warehouse.query(
        `select 1 from orders where id > $1 and to_jsonb(orders) @? '$ ? (${condition})' limit 1`,
        [id],
      )
      return rows.length > 0 ? true : undefined
    },
    { deadlineMs, intervalMs: 20 },
  )
}

interface Change {
  readonly change: string
  readonly alter: string
  /** What the application writes from then on. */
  readonly written: string
  /** Of a landed row, as a path of JSON; it shows that the change has arrived. */
  readonly landed: string
}

const flowing: readonly Change[] = [
  {
    change: 'a column that may be null is added',
    alter: 'add column extra text',
    written: `insert into orders (label, amount, price, note, extra) values ('label', 1, 1.25, 'a note', 'more')`,
    landed: '@.extra == "more"',
  },
  {
    change: 'a column with a constant default is added',
    alter: `add column state text not null default 'it''s open'`,
    written: `insert into orders (label, amount, price, note, state) values ('label', 1, 1.25, 'a note', 'closed')`,
    landed: '@.state == "closed"',
  },
  {
    change: 'a column whose default differs from row to row is added',
    alter: 'add column token uuid not null default gen_random_uuid()',
    written: `insert into orders (label, amount, price, note, state) values ('label', 1, 1.25, 'a note', 'token')`,
    landed: '@.state == "token" && @.token like_regex "-"',
  },
  {
    change: 'a column that had to have a value is dropped',
    alter: 'drop column note',
    written: `insert into orders (label, amount, price, state) values ('label', 1, 1.25, 'without')`,
    landed: '@.state == "without"',
  },
  {
    change: 'an int becomes a bigint',
    alter: 'alter column amount type bigint',
    written: `insert into orders (label, amount, price) values ('label', 3000000000, 1.25)`,
    landed: '@.amount == 3000000000',
  },
  {
    change: 'a varchar becomes longer',
    alter: 'alter column label type varchar(60)',
    written: `insert into orders (label, amount, price) values (repeat('longer', 9), 1, 1.25)`,
    landed: '@.label like_regex "^longerlonger"',
  },
  {
    change: 'a varchar becomes a text',
    alter: 'alter column label type text',
    written: `insert into orders (label, amount, price) values (repeat('text', 100), 1, 1.25)`,
    landed: '@.label like_regex "^texttext"',
  },
  {
    change: 'a numeric becomes wider',
    alter: 'alter column price type numeric(12,4)',
    written: `insert into orders (label, amount, price) values ('label', 1, 12345678.1234)`,
    landed: '@.price == 12345678.1234',
  },
  {
    change: 'NOT NULL is removed',
    alter: 'alter column label drop not null',
    written: `insert into orders (label, amount, price) values (null, 1, 1.25)`,
    landed: '@.label == null',
  },
  {
    change: 'NOT NULL is added',
    alter: 'alter column amount set not null',
    written: `insert into orders (label, amount, price) values ('not null', 1, 1.25)`,
    landed: '@.label == "not null"',
  },
]

test.each(flowing)('while rows flow, $change: the rows go on within 30 s', async one => {
  const before = await writer.between(async () => {
    await there.query(`alter table orders ${one.alter}`)
    insert = one.written
    return lastId()
  })
  const alteredAt = performance.now()

  await landedAfter(before, one.landed)

  const pauseMs = performance.now() - alteredAt
  pauses.push(`${one.change}: ${Math.round(pauseMs)} ms`)
  expect(pauseMs).toBeLessThan(longestPauseMs)
})

/** While the application holds still, as both sides are read one after the other. */
const ordersEqual = () => writer.between(() => untilEqual(stack, { source, table: 'orders' }, 120_000))

test('what was altered is equal in every column of every row, and verify agrees, with a word on the dropped one', async () => {
  expect(await ordersEqual()).toBeGreaterThan(500)

  const { code, stdout } = await stack.trib(['verify', '--table', 'orders'])

  expect(stdout).toContain(
    'public.orders: no longer in the source, kept in the warehouse and not compared: note',
  )
  expect(code).toBe(0)
  const { rows } = await warehouse.query('select 1 from orders where note is not null limit 1')
  expect(rows).toHaveLength(1)
})

test('a table is added by trib, with the rows that it has, and the others pause less than 30 s', async () => {
  await there.query(`create table public.invoices (id bigint primary key, total numeric(10,2))`)
  await there.query('insert into invoices select g, g from generate_series(1, 5000) g')
  const untilNow = watchGap(warehouse, 'orders')

  const { code, stderr } = await stack.trib(['add', 'table', source, 'public.invoices', '--yes'])

  expect({ code, stderr }).toMatchObject({ code: 0 })
  await there.query('update invoices set total = total + 1 where id % 7 = 0')
  expect(await untilEqual(stack, { source, table: 'invoices' })).toBe(5_000)
  const longest = await untilNow()
  pauses.push(`a table is added: ${Math.round(longest)} ms`)
  expect(longest).toBeLessThan(longestPauseMs)
  await equalAndVerified('invoices')
})

async function equalAndVerified(table: string): Promise<void> {
  await untilEqual(stack, { source, table }, 120_000)
  expect((await stack.trib(['verify', '--table', table])).code).toBe(0)
}

test('a column that is renamed stops the flow before a wrong row, and the printed line goes on with all rows', async () => {
  insert = `insert into orders (label, amount, price) values ('before', 7, 1.25)`
  await landedAfter(await lastId(), '@.label == "before"')
  await writer.between(async () => {
    await there.query('alter table orders rename column label to title')
    insert = `insert into orders (title, amount, price) values ('after', 7, 1.25)`
  })

  const told = await follower.told('public.orders', /has renamed label to title/)
  const seen = await untilFailed()

  expect(seen.command).toContain('alter table public.orders rename column label to title')
  const { rows } = await warehouse.query(
    `select count(*)::int as wrong from orders where label is null and amount = 7`,
  )
  expect(rows).toEqual([{ wrong: 0 }])
  await paste(told.command)
  await landedAfter(0, '@.title == "after"')
})

/** What health says of the community's pipeline once its sink has failed. */
const untilFailed = () =>
  eventually(
    'health to tell that the sink failed',
    async () => {
      const { stdout } = await stack.trib(['health', 'community-source', '-o', 'json'])
      const [pipeline] = JSON.parse(stdout).pipelines
      return pipeline.state === 'failed' ? (pipeline as { cause: string; command: string }) : undefined
    },
    { deadlineMs: 40_000, intervalMs: 500 },
  )

test('another type stops the flow, and the printed line goes on; what had been rounded is read again', async () => {
  await there.query('alter table orders alter column price type double precision using price * 3')
  insert = `insert into orders (title, amount, price) values ('double', 1, 1.0000001)`

  const told = await follower.told(
    'public.orders',
    /has changed price from numeric\(12,4\) to double precision/,
  )
  await follower.told('warehouse-sink', /paused, before more rows of public.orders land changed/)
  await paste(told.command)

  await landedAfter(0, '@.price == 1.0000001')
  await follower.told('public.orders', /its rows are read once more/)
  await ordersEqual()
})

test('a table that is renamed is told, and the printed line goes back with what changed meanwhile', async () => {
  await there.query('alter table invoices rename to bills')
  await there.query('insert into bills values (6000, 1)')

  const told = await follower.told('public.invoices', /it is called public.bills now/)
  await paste(told.command?.replace('--repair', '--repair --yes'))

  await equalAndVerified('invoices')
})

test('a rename that nobody saw is told from a dropped and an added column', async () => {
  await follower[Symbol.asyncDispose]()
  await there.query('alter table invoices add column remark text')
  const first = await stack.trib(['follow', '--once', '-o', 'json'])
  await there.query('alter table invoices rename column total to sum')
  await there.query('alter table invoices add column total numeric(10,2)')

  const { code, stdout } = await stack.trib(['follow', '--once', '-o', 'json'])

  expect(first.code).toBe(0)
  expect(code).toBe(6)
  const [told] = JSON.parse(stdout)
  expect(told.sentence).toContain('public.invoices has renamed total to sum')
  follower = startFollower(stack)
  await paste(told.command)
  await equalAndVerified('invoices')
})

test('at the end all is equal: every column of every row, and every table by verify, while rows flow', async () => {
  expect(await ordersEqual()).toBeGreaterThan(1_000)
  await untilEqual(stack, { source, table: 'invoices' })

  expect((await stack.trib(['verify'])).code).toBe(0)
})
