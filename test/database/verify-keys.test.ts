import { once } from 'node:events'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { compare, keysIn, nothing, openBoth } from './verify-setup.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres({ databases: ['source'] })
  await using database = await postgres.open()
  // Another order of letters than the source's, as a server of another country has it.
  await database.query(
    `create database warehouse template template0 locale_provider icu icu_locale 'de-DE' locale 'C'`,
  )
})
afterAll(() => postgres[Symbol.asyncDispose]())

/** The same statements on both sides. */
async function onBoth(...statements: readonly string[]): Promise<void> {
  await using both = await openBoth(postgres)
  for (const database of [both.source, both.warehouse]) {
    for (const statement of statements) await database.query(statement)
  }
}

async function inWarehouse(statement: string): Promise<void> {
  await using warehouse = await postgres.open('warehouse')
  await warehouse.query(statement)
}

describe.each([
  ['bigint', 'n', (n: number) => String(n)],
  ['integer', 'n - 20000', (n: number) => String(n - 20_000)],
  // Letters of both cases, which languages and bytes put in different orders.
  [
    'text',
    `case n % 3 when 0 then 'a' when 1 then 'B' else 'ä' end || n`,
    (n: number) => `${'aBä'[n % 3]}${n}`,
  ],
  [
    'uuid',
    `lpad(to_hex(n * 7919), 32, '0')::uuid`,
    (n: number) =>
      (n * 7919)
        .toString(16)
        .padStart(32, '0')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  ],
  ['numeric(12,3)', 'n / 8.0', (n: number) => String(n / 8)],
])('keys of type %s', (type, expression, keyOf) => {
  test('are named exactly where rows are missing, extra or different', async () => {
    const table = `keyed_by_${type.replace(/\W.*/, '')}`
    const insert = (from: number, to: number) =>
      `insert into ${table} select ${expression}, 'value ' || n from generate_series(${from}, ${to}) n`
    await onBoth(`create table ${table} (id ${type} primary key, value text)`, insert(1, 30_000))
    const ids = (numbers: readonly number[]) => numbers.map(n => `'${keyOf(n)}'`).join(', ')
    await inWarehouse(`delete from ${table} where id in (${ids([1, 777, 29_999])})`)
    await inWarehouse(`update ${table} set value = 'other' where id in (${ids([2, 15_000])})`)
    await inWarehouse(insert(30_001, 30_002))

    const found = keysIn(await compare(postgres, table))

    const keys = (...numbers: readonly number[]) => numbers.map(keyOf).sort()
    expect(found).toEqual({
      ...nothing,
      missing: keys(1, 777, 29_999),
      extra: keys(30_001, 30_002),
      different: keys(2, 15_000),
    })
  })
})

test('a key of several columns is compared as one', async () => {
  await onBoth(
    'create table pairs (site text, member int, value text, primary key (site, member))',
    `insert into pairs select 'site ' || n % 7, n, 'v' from generate_series(1, 30000) n`,
  )
  await inWarehouse(`delete from pairs where (site, member) = ('site 3', 10)`)
  await inWarehouse(`insert into pairs values ('site "x"', 1, 'v'), ('it''s \\ one', 2, 'v')`)

  const found = keysIn(await compare(postgres, 'pairs'))

  expect(found).toEqual({ ...nothing, missing: ['site 3|10'], extra: [`it's \\ one|2`, 'site "x"|1'] })
})

test('a uuid lands as text and is the same key', async () => {
  await using both = await openBoth(postgres)
  await both.source.query('create table moved (id uuid primary key)')
  await both.warehouse.query('create table moved (id text primary key)')
  for (const database of [both.source, both.warehouse]) {
    await database.query(`insert into moved select md5(n::text)::uuid from generate_series(1, 12000) n`)
  }

  expect(keysIn(await compare(postgres, 'moved'))).toEqual(nothing)
})

test('rows that swap their values, and a row that is there twice, are no less different for it', async () => {
  await onBoth('create table swapped (id int primary key, a text, b text)')
  await onBoth(`insert into swapped values (1, 'x', 'y'), (2, 'y', 'x'), (3, 'z', 'z')`)
  await inWarehouse(`update swapped set a = b, b = a where id < 3`)
  await inWarehouse('alter table swapped drop constraint swapped_pkey')
  await inWarehouse(`insert into swapped values (3, 'z', 'z')`)

  expect(keysIn(await compare(postgres, 'swapped'))).toEqual({ ...nothing, different: ['1', '2', '3'] })
})

describe('1,000,000 rows', () => {
  const statements = [
    'create table big (id bigint primary key, email text, username text, at timestamptz)',
    `insert into big select n, 'user' || n || '@example.org', 'user ' || n, timestamptz '2025-01-01' + n * interval '31 s'
     from generate_series(1, 1000000) n`,
    'vacuum analyze big',
  ]
  beforeAll(() => onBoth(...statements))

  test('that are equal cost at most 2 s, and 1 MB from each side', async () => {
    await using source = await countBytes(postgres)
    await using target = await countBytes(postgres)
    const ports = { sourcePort: source.port, targetPort: target.port }
    const timed = async () => {
      const startedAt = performance.now()
      const outcome = await compare(postgres, 'big', ports)
      return { outcome, seconds: (performance.now() - startedAt) / 1000 }
    }

    const runs = [await timed(), await timed(), await timed()]

    // The best of three: whatever else this machine does is no cost of ours.
    const seconds = Math.min(...runs.map(run => run.seconds))
    const [{ outcome }] = runs as [(typeof runs)[0]]
    process.stdout.write(
      `1,000,000 equal rows: ${seconds.toFixed(2)} s, ${source.bytes()} and ${target.bytes()} bytes read\n`,
    )
    expect(outcome).toMatchObject({ kind: 'compared', rows: 1_000_000 })
    expect(keysIn(outcome)).toEqual(nothing)
    expect(seconds).toBeLessThan(2)
    expect(source.bytes() / runs.length).toBeLessThan(1_000_000)
    expect(target.bytes() / runs.length).toBeLessThan(1_000_000)
  })

  test('of which 20 are missing, 10 extra and 20 different: exactly these are named', async () => {
    await inWarehouse('delete from big where id % 50000 = 7')
    await inWarehouse(`update big set email = email || ' ' where id % 50000 = 49999`)
    await inWarehouse(`insert into big select -n * 1000, 'x', 'y', now() from generate_series(1, 10) n`)
    const every = (rest: number) => Array.from({ length: 20 }, (_, n) => String(n * 50_000 + rest)).sort()

    const found = keysIn(await compare(postgres, 'big'))

    expect(found).toEqual({
      ...nothing,
      missing: every(7),
      different: every(49_999),
      extra: Array.from({ length: 10 }, (_, n) => String(-(n + 1) * 1000)).sort(),
    })
  })

  test('a sample looks at a tenth, and says how many rows that was', async () => {
    const outcome = await compare(postgres, 'big', { sampleShare: 0.1 })

    const rows = outcome.kind === 'compared' ? outcome.rows : 0
    expect(rows).toBeGreaterThan(50_000)
    expect(rows).toBeLessThan(200_000)
  })
})

test('while it waits for a change to land, a row that lands is no difference', async () => {
  await onBoth('create table late (id int primary key, value text)', `insert into late values (1, 'a')`)
  await using both = await openBoth(postgres)
  await both.source.query(`insert into late values (2, 'on its way'), (3, 'lost')`)
  const awaitArrival = async () => {
    await both.warehouse.query(`insert into late values (2, 'on its way') on conflict do nothing`)
  }

  expect(keysIn(await compare(postgres, 'late', { awaitArrival }))).toEqual({ ...nothing, missing: ['3'] })
})

test('a row that is written in every round is not called wrong', async () => {
  await onBoth('create table hot (id int primary key, value int)', 'insert into hot values (1, 0)')
  await using both = await openBoth(postgres)
  const write = (database: Database) => database.query('update hot set value = value + 1')
  await write(both.source)
  const awaitArrival = async () => {
    await write(both.source)
  }
  onTestFinished(() => inWarehouse('drop table hot'))

  const found = keysIn(await compare(postgres, 'hot', { awaitArrival }))

  expect(found).toEqual({ ...nothing, unsettled: ['1'] })
})

interface CountingProxy extends AsyncDisposable {
  readonly port: number
  bytes(): number
}

/** What a client reads from the server, counted on the socket. */
async function countBytes({ host, port }: TestPostgres): Promise<CountingProxy> {
  let count = 0
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const upstream = connectTo(port, host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    upstream.on('data', chunk => {
      count += chunk.length
    })
    client.pipe(upstream).pipe(client)
  }).listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    bytes: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
