import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import type { HealthReport, HopReport } from '../../control/health/report.ts'
import { type FakeConnect, startFakeConnect } from '../support/fake-connect.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { openTerminal, type Terminal } from '../support/run-trib.ts'
import { eventually } from '../support/trib.ts'

let postgres: TestPostgres
let connect: FakeConnect
let terminal: Terminal

beforeEach(async () => {
  postgres = await startPostgres({
    databases: ['shop', 'lake'],
    settings: { max_slot_wal_keep_size: '64MB', min_wal_size: '32MB', max_wal_size: '64MB' },
  })
  connect = await startFakeConnect()
  terminal = openTerminal({ connectUrl: connect.url })
  await prepare()
})

afterEach(async () => {
  terminal[Symbol.dispose]()
  await connect.close()
  await postgres[Symbol.asyncDispose]()
})

/** Somebody's own schemas and tables, enveloped, and a context that names no Kafka. */
async function prepare(): Promise<void> {
  await using shop = await postgres.open('shop')
  await shop.query(`
    create schema sales;
    create table sales."Orders" (id bigint primary key, total numeric(10,2));
    create publication shop_pub for table sales."Orders"`)
  await shop.query("select pg_create_logical_replication_slot('shop_slot', 'pgoutput')")
  await using lake = await postgres.open('lake')
  await lake.query('create role writer login; alter role writer set search_path = landing, public')
  await lake.query(
    'create schema landing; create table landing."Orders" (id bigint primary key, total numeric(10,2))',
  )
  writeContext({ shopPort: postgres.port })
  const client = createConnectClient({ urls: [connect.url] })
  await client.create('shop-source', {
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    ...{ 'database.hostname': 'db.internal', 'database.port': '5432', 'database.dbname': 'shop' },
    ...{ 'database.user': 'reader', 'topic.prefix': 'shop', 'plugin.name': 'pgoutput' },
    ...{
      'slot.name': 'shop_slot',
      'publication.name': 'shop_pub',
      'publication.autocreate.mode': 'disabled',
    },
    'table.include.list': 'sales\\..*',
  })
  await client.create('lake-sink', {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'topics.regex': 'shop\\..*',
    'connection.url': 'jdbc:postgresql://lake.internal:5432/lake',
    ...{ 'connection.username': 'writer', 'collection.name.format': '${source.table}' },
  })
  await eventually('both to run', async () =>
    (await client.list()).every(one => one.state === 'RUNNING' && one.tasks.length > 0) ? true : undefined,
  )
}

function writeContext({ shopPort, user = 'postgres' }: { shopPort: number; user?: string }): void {
  const url = (port: number, database: string) => `postgres://${user}@127.0.0.1:${port}/${database}`
  const text = `current: test
contexts:
  test:
    connect: { urls: [${connect.url}] }
    sources: { shop: { url: '${url(shopPort, 'shop')}?sslmode=disable' } }
    warehouse: { url: '${url(postgres.port, 'lake')}?sslmode=disable' }
`
  terminal.write('contexts.yaml', text)
}

async function health(): Promise<
  HealthReport & { readonly code: number; hop(name: string): HopReport | undefined }
> {
  const { code, stdout, stderr } = await terminal.run(['health', '-o', 'json'])
  if (stdout === '') throw new Error(stderr)
  const report: HealthReport = JSON.parse(stdout)
  return { ...report, code, hop: name => report.pipelines[0]?.hops.find(({ hop }) => hop === name) }
}

async function writeWal(megabytes: number): Promise<void> {
  await using shop = await postgres.open('shop')
  await shop.query(
    "select pg_logical_emit_message(false, 'test', repeat('x', 1024 * 1024)) from generate_series(1, $1)",
    [megabytes],
  )
}

test('a part that the context lacks is unknown, with the command that adds it; the rest is judged', async () => {
  // Nobody reads the slot here: no Debezium runs.
  const seen = await health()

  expect(seen.code).toBe(5)
  expect(seen.hop('topic')).toMatchObject({
    ...{ state: 'unknown', rule: 'kafka-not-in-context' },
    command: 'npx trib config set-context test --kafka kafka-1.example.org:9092',
  })
  expect(seen.hop('slot')).toMatchObject({ state: 'degraded', rule: 'slot-not-read' })
  expect(seen.pipelines[0]?.tables).toEqual([
    expect.objectContaining({ table: 'sales.Orders', topic: 'shop.sales.Orders', target: 'landing.Orders' }),
  ])
  expect(connect.count('GET /connectors')).toBeGreaterThan(0)
})

test('one look asks Connect once, however many connectors there are', async () => {
  connect.seed(50)
  const before = connect.count()

  await terminal.run(['get', 'pipelines'])

  expect(connect.count() - before).toBe(1)
})

test('a slot near its limit is seen with the time that is left, and a lost one with the way back', async () => {
  await createConnectClient({ urls: [connect.url] }).stop('shop-source')
  await writeWal(50)

  const near = await health()

  expect(near.hop('slot')).toMatchObject({ rule: 'slot-near-limit', command: 'npx trib resume shop-source' })
  expect(['degraded', 'failed']).toContain(near.hop('slot')?.state)
  expect(near.hop('slot')?.cause).toMatch(
    /^the slot shop_slot keeps \d+ MB of 64 MB of WAL \(\d+ %\), as shop-source does not run/,
  )
  expect(near.pipelines[0]).toMatchObject({ rule: 'slot-near-limit' })

  await writeWal(80)
  await using shop = await postgres.open('shop')
  await shop.query('checkpoint')
  const lost = await health()

  expect(lost.code).toBe(6)
  expect(lost.hop('slot')).toMatchObject({ state: 'failed', rule: 'slot-lost' })
  expect(lost.hop('slot')?.command).toMatch(
    /pg_drop_replication_slot\('shop_slot'\)" && npx trib delete offsets shop-source --yes && npx trib resume shop-source && npx trib verify --repair --yes$/,
  )
})

test('a table that the patterns capture and the publication misses is named, and the printed SQL mends it', async () => {
  await using shop = await postgres.open('shop')
  await shop.query('create table sales.refunds (id int primary key)')

  const seen = await health()

  expect(seen.hop('publication')).toMatchObject({ state: 'failed', rule: 'publication-misses-table' })
  const sql =
    /-c '(.*)' && npx trib verify --repair --yes$/.exec(seen.hop('publication')?.command ?? '')?.[1] ?? ''
  await shop.query(sql)
  expect((await health()).hop('publication')?.state).toBe('ok')
})

test('partitions are no tables of their own; their root is published by them', async () => {
  await using shop = await postgres.open('shop')
  await shop.query(`
    create table sales.log (id int, day date, primary key (id, day)) partition by range (day);
    create table sales.log_2026 partition of sales.log for values from ('2026-01-01') to ('2027-01-01');
    alter publication shop_pub add table sales.log`)

  const seen = await health()

  expect(seen.hop('publication')?.state).toBe('ok')
  expect(seen.pipelines[0]?.tables.map(({ table }) => table)).toEqual(['sales.Orders', 'sales.log'])
})

test('a database that accepts and then says nothing costs three seconds, and the rest is read meanwhile', async () => {
  const silent = createServer(socket => void socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  writeContext({ shopPort: address !== null && typeof address === 'object' ? address.port : 0 })

  // What the patterns capture only the database knows.
  connect.edit('shop-source', one => {
    one.config = { ...one.config, 'table.include.list': 'sales.Orders' }
  })
  const startedAt = performance.now()
  const seen = await health()

  expect(performance.now() - startedAt).toBeLessThan(4_500)
  expect(seen.hop('database')).toMatchObject({ state: 'failed', rule: 'source-database-down' })
  expect(seen.hop('database')?.cause).toContain('no answer within 3 s')
  expect(seen.hop('warehouse')?.facts['at']).toContain('lake at 127.0.0.1')
  await new Promise(resolve => silent.close(resolve))
})

test('a role that may not come in makes the hop unknown, not healthy and not failed', async () => {
  terminal.write(
    'contexts.yaml',
    `current: test
contexts:
  test:
    connect: { urls: [${connect.url}] }
    sources: { shop: { url: 'postgres://nobody-here@127.0.0.1:${postgres.port}/shop?sslmode=disable' } }
    warehouse: { url: 'postgres://postgres@127.0.0.1:${postgres.port}/none?sslmode=disable' }
`,
  )

  const seen = await health()

  expect(seen.hop('database')).toMatchObject({ state: 'unknown', rule: 'source-database-refuses' })
  expect(seen.hop('database')?.cause).toContain('role "nobody-here" does not exist')
  expect(seen.code).toBe(5)
})

test('a Connect that is gone is failed, in one sentence, for people and monitors', async () => {
  await connect.close()

  const seen = await terminal.run(['health'])
  const nagios = await terminal.run(['health', '--nagios'])

  expect(seen).toMatchObject({ code: 6, stderr: '' })
  expect(seen.stdout).toMatch(
    /^failed: no Kafka Connect answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\n/,
  )
  expect(nagios.code).toBe(2)
  expect(nagios.stdout).toMatch(/^CRITICAL - no Kafka Connect answers at .*\n$/)
})

test('a role that may look into no schema but those of its tables sees all the same', async () => {
  await using shop = await postgres.open('shop')
  await shop.query('create role watcher login; grant pg_read_all_stats to watcher')
  await shop.query('grant usage on schema sales to watcher; grant select on sales."Orders" to watcher')
  await using lake = await postgres.open('lake')
  await lake.query('grant usage on schema landing to watcher; grant select on landing."Orders" to watcher')
  writeContext({ shopPort: postgres.port, user: 'watcher' })

  const seen = await health()

  expect(seen.hop('database')).toMatchObject({ state: 'ok' })
  expect(seen.hop('publication')).toMatchObject({ state: 'ok', facts: { tables: 1, missing: 0 } })
  expect(seen.pipelines[0]?.tables).toEqual([
    expect.objectContaining({ table: 'sales.Orders', isPublished: true, target: 'landing.Orders' }),
  ])
})
