import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import { refusedBy } from '../../control/verify/verify-table.ts'
import { type FakeConnect, startFakeConnect } from '../support/fake-connect.ts'
import { freePort, startPostgres, type TestPostgres } from '../support/postgres.ts'
import { openTerminal, type Terminal } from '../support/run-trib.ts'
import { compare, openBoth } from './verify-setup.ts'

let postgres: TestPostgres
let fake: FakeConnect
let terminal: Terminal

beforeAll(async () => {
  postgres = await startPostgres({ databases: ['source', 'warehouse'] })
  fake = await startFakeConnect({ lagMs: 1 })
  terminal = openTerminal({ connectUrl: fake.url })
  const connect = createConnectClient({ urls: [fake.url] })
  await connect.create('shop', sourceConfig)
  await connect.create('sink', sinkConfig)
  await moveTo({ lsn: 1 })
  await useSource(`postgres://postgres@127.0.0.1:${postgres.port}/source`)
  await using both = await openBoth(postgres)
  await both.source.query(`
    create schema tributary;
    create table tributary.heartbeat (source text primary key, beat_at timestamptz);
    create table equal (id int primary key, value numeric);
    insert into equal select n, n / 8.0 from generate_series(1, 1000) n;
    create table nothing (id int primary key);
    create table only_here (id int primary key);
    create table wider (id int primary key, note text);
    create table unlike (id int primary key, value bytea);
    create table keyless (value int);
    create table secret (id int primary key);
    create role reader login;
    grant select on all tables in schema public to reader;
    revoke all on secret from reader;`)
  await both.warehouse.query(`
    create table equal (id bigint primary key, value double precision);
    insert into equal select n, n / 8.0 from generate_series(1, 1000) n;
    create table nothing (id int primary key);
    create table wider (id int primary key, added text);
    create table unlike (id int primary key, value text);
    create table keyless (value int);
    create table secret (id int primary key);`)
})
afterAll(async () => {
  terminal?.[Symbol.dispose]()
  await fake?.[Symbol.asyncDispose]()
  await postgres?.[Symbol.asyncDispose]()
})

const tables = ['equal', 'nothing', 'only_here', 'wider', 'unlike', 'keyless', 'secret']
const sourceConfig = {
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'database.hostname': 'db.example.org',
  'database.user': 'debezium',
  'database.password': '${env:PASSWORD}',
  'database.dbname': 'source',
  'topic.prefix': 'shop',
  'slot.name': 'gone',
  'table.include.list': [...tables.map(name => `public.${name}`), 'tributary.heartbeat'].join(','),
  'heartbeat.interval.ms': '1000',
  'heartbeat.action.query': 'insert into tributary.heartbeat values (now())',
}
const sinkConfig = {
  'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
  'topics.regex': 'shop\\..*',
  'connection.url': 'jdbc:postgresql://wh.example.org/warehouse',
  'connection.username': 'sink',
  'quote.identifiers': 'true',
  transforms: 'route',
  'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.route.regex': '.*\\.([^.]+)',
  'transforms.route.replacement': '$1',
}

async function useSource(url: string): Promise<void> {
  const set = ['config', 'set-context', 'test', '--kafka', '127.0.0.1:1', '--source', `shop=${url}`]
  const warehouse = `postgres://postgres@127.0.0.1:${postgres.port}/warehouse`
  const { code, stderr } = await terminal.run([...set, '--warehouse', warehouse])
  if (code !== 0) throw new Error(stderr)
}

/** The source's position; null: it has none, as it begins anew. */
async function moveTo(offset: { readonly lsn: number } | null): Promise<void> {
  const connect = createConnectClient({ urls: [fake.url] })
  await connect.stop('shop')
  await connect.alterOffsets('shop', [{ partition: { server: 'shop' }, offset }])
  await connect.resume('shop')
}

async function verify(...args: readonly string[]) {
  const { code, stdout, stderr } = await terminal.run(['verify', ...args, '-o', 'json'])
  const { equal, tables: found } = stdout ? JSON.parse(stdout) : { equal: undefined, tables: [] }
  return { code, stderr, equal, tables: found, first: found[0] }
}

test('a table that is equal is said to be, though its columns are of other types', async () => {
  const { code, stderr, equal, first } = await verify('--table', 'equal')

  expect({ code, stderr, equal }).toEqual({ code: 0, stderr: '', equal: true })
  expect(first).toMatchObject({
    ...{ table: 'public.equal', pipeline: 'shop', equal: true, rows: 1000 },
    ...{ missing: [], extra: [], different: [] },
  })
})

test('a person gets a table, and the word for it', async () => {
  const { code, stdout } = await terminal.run(['verify', 'shop', '--table', 'public.equal'])

  expect(code).toBe(0)
  expect(stdout.replace(/\d\.\d s/, '0.1 s')).toBe(
    'TABLE          ROWS  MISSING  EXTRA  DIFFERENT\n' +
      'public.equal  1,000        0      0          0\n\n' +
      'equal (0.1 s)\n',
  )
})

test('0 rows on both sides are equal, and said', async () => {
  const { code, stdout } = await terminal.run(['verify', '--table', 'nothing'])

  expect(code).toBe(0)
  expect(stdout).toContain('equal: 0 rows on both sides')
})

test('a table that the warehouse lacks is a difference', async () => {
  const { code, equal, first } = await verify('--table', 'only_here')

  expect({ code, equal }).toEqual({ code: 4, equal: false })
  expect(first.error).toBe(
    `there is no table public.only_here in warehouse at 127.0.0.1:${postgres.port}; public.only_here in source at 127.0.0.1:${postgres.port} has no counterpart`,
  )
})

test('a column on one side only is a difference, and named', async () => {
  const { code, equal, first } = await verify('--table', 'wider')

  expect({ code, equal }).toEqual({ code: 4, equal: false })
  expect(first).toMatchObject({ missingColumns: ['note'], extraColumns: ['added'] })
})

test.each([
  [
    'unlike',
    'the column value (bytea in the source, text in the warehouse) is of types that cannot be compared',
  ],
  ['keyless', 'public.keyless has no primary key, so that no row can be told from another'],
])('%s cannot be compared, which is no "equal"', async (table, sentence) => {
  const { code, equal, first } = await verify('--table', table)

  expect({ code, equal, error: first.error }).toEqual({ code: 1, equal: false, error: sentence })
})

test('all tables are looked at whatever one of them is, the heartbeat excepted; the worst ends the command', async () => {
  const { code, tables: found } = await verify()

  expect(code).toBe(1)
  expect(found.map(({ table, equal }: { table: string; equal: boolean }) => [table, equal]).sort()).toEqual(
    tables.map(name => [`public.${name}`, ['equal', 'nothing', 'secret'].includes(name)]).sort(),
  )
})

test('without the right to read a table its sentence says so, and the others are compared', async () => {
  await useSource(`postgres://reader@127.0.0.1:${postgres.port}/source`)
  onTestFinished(() => useSource(`postgres://postgres@127.0.0.1:${postgres.port}/source`))

  const secret = await verify('--table', 'secret')
  const equal = await verify('--table', 'equal')

  expect(secret).toMatchObject({ code: 1, equal: false })
  expect(secret.first.error).toContain('permission denied for table secret (42501)')
  expect(equal).toMatchObject({ code: 0, equal: true })
})

test('a source that is down is named for each of its tables', async () => {
  const port = await freePort()
  await useSource(`postgres://postgres@127.0.0.1:${port}/source`)
  onTestFinished(() => useSource(`postgres://postgres@127.0.0.1:${postgres.port}/source`))

  const { code, equal, tables: found } = await verify()

  expect({ code, equal, count: found.length }).toEqual({ code: 1, equal: false, count: tables.length })
  expect(found[0].error).toBe(`source at 127.0.0.1:${port}: nothing listens there`)
})

test('where rows differ and the slot is gone, nobody can say: the sentence names slot and command', async () => {
  await using both = await openBoth(postgres)
  await both.warehouse.query('delete from equal where id = 500')
  onTestFinished(async () => {
    await using again = await openBoth(postgres)
    await again.warehouse.query('insert into equal values (500, 62.5)')
  })

  const { code, equal, first } = await verify('--table', 'equal')

  expect({ code, equal }).toEqual({ code: 1, equal: false })
  expect(first).toMatchObject({ missing: [], unsettled: ['500'] })
  expect(first.error).toMatch(/^the slot gone does not exist in source at /)
  expect(first.hint).toBe('npx trib explain shop')
})

test('where the source begins anew, its slot is waited for', async () => {
  await using both = await openBoth(postgres)
  await both.warehouse.query('delete from equal where id = 500')
  await moveTo(null)
  onTestFinished(async () => {
    await moveTo({ lsn: 1 })
    await using again = await openBoth(postgres)
    await again.warehouse.query('insert into equal values (500, 62.5)')
  })

  const { code, first } = await verify('--table', 'equal', '--timeout', '1')

  expect({ code, unsettled: first.unsettled }).toEqual({ code: 1, unsettled: ['500'] })
  expect(first.error).toMatch(/the slot gone to confirm .*: shop has not made it yet/)
})

test('a table that is dropped while it is compared is not called equal', async () => {
  await using both = await openBoth(postgres)
  await both.source.query('create table fleeting (id int primary key); insert into fleeting values (1)')
  await both.warehouse.query('create table fleeting (id int primary key)')
  const awaitArrival = async () => {
    await both.source.query('drop table fleeting')
  }

  const outcome = await compare(postgres, 'fleeting', { awaitArrival }).catch(refusedBy)

  expect(outcome).toMatchObject({
    kind: 'refused',
    sentence: `source at 127.0.0.1:${postgres.port}: relation "public.fleeting" does not exist (42P01): it was dropped while it was compared`,
  })
})

test.each([
  [['--table', 'nowhere'], "no pipeline has a table 'nowhere'"],
  [['shopp'], "there is no pipeline 'shopp'"],
  [['--timeout', 'soon'], "'soon' is no number of seconds"],
])('%j is refused before anything is compared', async (args, sentence) => {
  const { code, stdout, stderr } = await terminal.run(['verify', ...args])

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
})
