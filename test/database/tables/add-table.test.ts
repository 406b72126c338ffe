import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import type { TestPostgres } from '../../support/postgres.ts'
import { openTerminal, type Terminal } from '../../support/run-trib.ts'
import { openDeployedWorld, startWorlds } from '../doctor/deployed-world.ts'
import type { DoctorWorld } from '../doctor/world.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startWorlds()
})
afterAll(() => postgres[Symbol.asyncDispose]())

let world: DoctorWorld
let run: Terminal['run']

beforeEach(async () => {
  ;({ world, run } = await openDeployedWorld(postgres))
})

const inSource = async (sql: string) => {
  await using database = await world.source()
  await database.query(sql)
}

/** Everything that adding a table may change in both databases and at Connect. */
async function everything() {
  await using source = await world.source()
  await using warehouse = await world.warehouse()
  const query = `select c.relname, c.relreplident, array(select format('%s %s', a.grantee, a.privilege_type)
      from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a order by 1) as rights, array(select tgname from pg_trigger where tgrelid = c.oid) as triggers,
      array(select pubname from pg_publication_tables where tablename = c.relname) as publications
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'tributary') and c.relkind = 'r' order by 1`
  const connect = createConnectClient({ urls: [world.fake.url] })
  const [there, here] = [(await source.query(query)).rows, (await warehouse.query(query)).rows]
  return { there, here, configs: (await connect.list()).map(({ name, config }) => ({ name, config })) }
}

async function plan(...names: readonly string[]) {
  const { code, stdout, stderr } = await run([
    ...['add', 'table', 'community-db', ...names],
    '--dry-run',
    '-o',
    'json',
  ])
  return { code, stderr, ...(stdout ? JSON.parse(stdout) : {}) }
}

test('the plan says all that would be done, in its order, and changes nothing', async () => {
  await inSource('create table orders (id int primary key, note text); insert into orders values (1), (2)')
  const before = await everything()

  const { code, changes, tables, leftOut } = await plan('public.orders')

  expect(code).toBe(3)
  expect(changes.map(({ kind, where, what }: Record<string, string>) => `${kind} ${where}: ${what}`)).toEqual(
    [
      'sql community-db: grant select on "public"."orders" to "debezium"',
      'sql community-db: alter publication "tributary_community" add table "public"."orders"',
      'sql community-db: alter table "public"."orders" replica identity full',
      expect.stringContaining('create or replace trigger tributary_delete_before_truncate'),
      expect.stringContaining('enable always trigger'),
      'sql warehouse: create table "public"."orders" ("id" integer not null, "note" text, primary key ("id"))',
      'sql warehouse: grant select, insert, update, delete on "public"."orders" to "sink"',
      'topic kafka: topic community-db.public.orders, like community-db.public.CommunityUsers',
      'configure warehouse-sink: topics + community-db.public.orders',
      'configure community-source: table.include.list + public.orders; its task starts anew, and its other tables wait for some seconds',
      'backfill community-source: public.orders: the 2 rows that it has, then verify',
    ],
  )
  expect(tables).toEqual([
    { table: 'public.orders', topic: 'community-db.public.orders', target: 'orders', rows: 2 },
  ])
  expect(leftOut).toEqual([])
  expect(await everything()).toEqual(before)
})

test('a pattern leaves out what cannot be added, and says why', async () => {
  await inSource(`create table s_good (id int primary key); create table s_keyless (n int);
    create table s_shape (id int primary key, p point); create table s_time (at timestamptz primary key);
    insert into s_time values (now()); create table s_empty_time (at timestamptz primary key)`)

  const { code, tables, leftOut } = await plan('public.s_*')

  expect(code).toBe(3)
  expect(tables.map(({ table }: { table: string }) => table)).toEqual([
    'public.s_empty_time',
    'public.s_good',
  ])
  expect(leftOut).toEqual([
    { table: 'public.s_keyless', reason: expect.stringContaining('has no primary key') },
    { table: 'public.s_shape', reason: expect.stringContaining('point') },
    { table: 'public.s_time', reason: expect.stringContaining('by which Debezium cannot read rows again') },
  ])
})

test.each([
  ['public.nothing', 'has no table', 'tables: '],
  ['public.communityusers', 'has no table', `is it 'public.CommunityUsers'?`],
  ['public.CommunityUsers', 'flows from community-source already', 'npx trib resync table'],
  ['tributary.signal', 'is a table by which Tributary works itself', 'tables of your application'],
  ['public.keyless', 'has no primary key', 'no connector was changed'],
  ['public.shapes', 'point', 'no connector was changed'],
  ['other.CommunityUsers', 'would land in CommunityUsers', 'no connector was changed'],
  ['public.a,b', 'has a comma in its name', 'no connector was changed'],
])('%s is refused before anything is changed', async (name, sentence, hint) => {
  await inSource(`create table keyless (n int); create table shapes (id int primary key, p point);
    create schema other; create table other."CommunityUsers" (id int primary key); create table "a,b" (id int primary key)`)
  const before = await everything()

  const { code, stderr, stdout } = await run(['add', 'table', 'community-db', name, '--yes'])

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
  expect(stderr).toContain(hint)
  expect(await everything()).toEqual(before)
})

test('where one statement fails, those before are taken back, and the sentence says so', async () => {
  await inSource(`create table orders (id int primary key, note text);
    create function refuse() returns event_trigger language plpgsql as $$ begin raise exception 'not on a Friday'; end $$;
    create event trigger no_triggers on ddl_command_start when tag in ('CREATE TRIGGER') execute function refuse()`)
  const before = await everything()

  const { code, stderr } = await run(['add', 'table', 'community-db', 'public.orders', '--yes'])

  expect(code).toBe(1)
  expect(stderr).toContain('not on a Friday (P0001); what was done before is taken back')
  expect(stderr).toContain(
    'taken back: community-db: alter publication "tributary_community" drop table "public"."orders"',
  )
  expect(await everything()).toEqual(before)
})

test('a user without the rights gets the SQL for whoever has them', async () => {
  await inSource(
    'create table orders (id int primary key, note text); create role modest login; grant pg_read_all_data to modest',
  )
  onTestFinished(() => inSource('drop role modest'))
  const { sources } = await world.addresses('modest')
  const { warehouse } = await world.addresses()
  const terminal = openTerminal({ connectUrl: world.fake.url, databases: { sources, warehouse } })
  onTestFinished(() => terminal[Symbol.dispose]())

  const { code, stderr } = await terminal.run(['add', 'table', 'community-db', 'public.orders', '--yes'])

  expect(code).toBe(1)
  expect(stderr).toMatch(/modest may not do that in community-db: .*must be owner of publication/)
  expect(stderr).toContain(
    'an administrator of community-db may: grant select on "public"."orders" to "debezium"; alter publication',
  )
})

test('what another publication has is left there, and said', async () => {
  await inSource('create table orders (id int primary key); create publication reports for table orders')
  expect((await plan('public.orders')).notes).toEqual([
    'public.orders is in the publication reports, too, which is left as it is',
  ])
})

test('without a yes nothing is changed', async () => {
  await inSource('create table orders (id int primary key)')
  const before = await everything()
  const { code, stderr } = await run(['add', 'table', 'community-db', 'public.orders'], { answer: 'no' })
  expect(code).toBe(2)
  expect(stderr).toContain('1 table would be added, and nobody said yes; nothing was changed')
  expect(stderr).toContain(`npx trib add table community-db public.orders --yes`)
  expect(await everything()).toEqual(before)
})
