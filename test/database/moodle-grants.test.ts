import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestPostgres } from '../support/postgres.ts'
import { migrateMoodle, startMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startMoodle()
})
afterAll(() => postgres[Symbol.asyncDispose]())

/** Everything that is granted to a role by name, on any object of a database. */
async function grantsOf(role: string, databaseName: string): Promise<Record<string, string>> {
  await using database = await postgres.open(databaseName)
  const { rows } = await database.query<{ object: string; privileges: string }>(
    `select object, string_agg(lower(privilege_type), ' ' order by privilege_type) as privileges
     from (
       select 'schema ' || nspname as object, nspacl as acl from pg_namespace
       union all select oid::regclass::text, relacl from pg_class
       union all select 'function ' || oid::regprocedure, proacl from pg_proc
       union all select 'database ' || datname, datacl from pg_database where datname = current_database()
       union all select 'default ' || oid, defaclacl from pg_default_acl
     ) as objects, aclexplode(acl)
     where grantee = $1::regrole
     group by object`,
    [role],
  )
  return Object.fromEntries(rows.map(({ object, privileges }) => [object, privileges]))
}

const everything = 'delete insert select update'
const usage = { 'schema public': 'usage', 'schema tributary': 'usage' }

test.each([
  ['community_db', '"CommunityUsers"', 'tributary.community_beat_log'],
  ['sites_db', '"SitesUsers"', 'tributary.sites_beat_log'],
])('in %s debezium may read its table, beat and take signals, nothing more', async (name, table, log) => {
  expect(await grantsOf('debezium', name)).toEqual({
    ...usage,
    [table]: 'select',
    [log]: 'select',
    'tributary.heartbeat': 'insert select update',
    'tributary.signal': everything,
  })
})

test.each([
  ['community_db', 'CommunityUsers'],
  ['sites_db', 'SitesUsers'],
])('in %s the generator may write its table and its ledger, nothing more', async (name, table) => {
  expect(await grantsOf('generator', name)).toEqual({
    ...usage,
    [`"${table}"`]: everything,
    [`"${table}_id_seq"`]: 'usage',
    'tributary.generated': everything,
  })
})

test('the sink may write the landing tables and ask for its turn, nothing more', async () => {
  expect(await grantsOf('sink', 'warehouse')).toEqual({
    ...usage,
    '"CommunityUsers"': everything,
    '"SitesUsers"': everything,
    'tributary.heartbeat': everything,
    'tributary.community_beat_log': everything,
    'tributary.sites_beat_log': everything,
    'function tributary.one_sink()': 'execute',
    'function tributary.one_sink(text)': 'execute',
  })
})

test('dashboards may read the landing tables and the views, nothing more', async () => {
  expect(await grantsOf('dashboard', 'warehouse')).toEqual({
    ...usage,
    '"CommunityUsers"': 'select',
    '"SitesUsers"': 'select',
    'tributary.heartbeat': 'select',
    weekly_registrations: 'select',
    admin_overlap: 'select',
  })
})

test.each([
  ['community_db', '"CommunityUsers"', 'tributary.community_beat_log'],
  ['sites_db', '"SitesUsers"', 'tributary.sites_beat_log'],
])('in %s the console may read what is captured, nothing more', async (name, table, log) => {
  expect(await grantsOf('console', name)).toEqual({
    ...{ ...usage, [table]: 'select', [log]: 'select' },
    'tributary.signal': 'select',
  })
})

test('in the warehouse the console may read what lands and the views, nothing more', async () => {
  expect(await grantsOf('console', 'warehouse')).toEqual({
    ...(await grantsOf('dashboard', 'warehouse')),
    'tributary.community_beat_log': 'select',
    'tributary.sites_beat_log': 'select',
  })
})

test.each([
  ['community_db', {}],
  ['sites_db', {}],
  [
    'warehouse',
    {
      'function tributary.date_of(integer)': 'execute',
      'function tributary.time_of(bigint)': 'execute',
      'function tributary.timestamp_of(bigint)': 'execute',
    },
  ],
])(
  'in %s everybody may log in and look for names; what is ours is for whom it was granted',
  async (name, functions) => {
    await using database = await postgres.open(name)

    const { rows } = await database.query<{ object: string; privileges: string }>(
      `select object, string_agg(lower(privilege_type), ' ' order by privilege_type) as privileges
     from (
       select 'schema ' || nspname as object, nspacl as acl from pg_namespace
       where nspname in ('public', 'tributary')
       union all select oid::regclass::text, relacl from pg_class
       where relnamespace in ('public'::regnamespace, 'tributary'::regnamespace)
       union all select 'function ' || oid::regprocedure, coalesce(proacl, acldefault('f', proowner)) from pg_proc
       where pronamespace in ('public'::regnamespace, 'tributary'::regnamespace)
       union all select 'database', coalesce(datacl, acldefault('d', datdba)) from pg_database
       where datname = current_database()
     ) as objects, aclexplode(acl)
     where grantee = 0
     group by object`,
    )

    expect(Object.fromEntries(rows.map(({ object, privileges }) => [object, privileges]))).toEqual({
      ...{ database: 'connect', 'schema public': 'usage' },
      ...functions,
    })
  },
)

test.each([
  ['debezium', true],
  ['generator', false],
  ['sink', false],
  ['dashboard', false],
])('%s logs in, replication is %s, and it is a member of nothing', async (role, replicates) => {
  await using database = await postgres.open()

  const { rows } = await database.query(
    `select rolcanlogin, rolreplication, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as is_mighty,
       exists (select from pg_auth_members where member = r.oid) as is_member
     from pg_roles r where rolname = $1`,
    [role],
  )

  expect(rows).toEqual([
    { rolcanlogin: true, rolreplication: replicates, is_mighty: false, is_member: false },
  ])
})

test('the console logs in, may look at statistics of all sessions, and is a member of nothing else', async () => {
  await using database = await postgres.open()

  const { rows } = await database.query(
    `select rolcanlogin, rolreplication or rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as is_mighty,
       (select string_agg(roleid::regrole::text, ' ') from pg_auth_members where member = r.oid) as member_of
     from pg_roles r where rolname = 'console'`,
  )

  expect(rows).toEqual([{ rolcanlogin: true, is_mighty: false, member_of: 'pg_read_all_stats' }])
})

test('a dashboard reads the views without seeing their helpers', async () => {
  await using database = await postgres.open('warehouse', { user: 'dashboard' })

  expect((await database.query('table weekly_registrations')).rows).toEqual([])
  expect((await database.query('table admin_overlap')).rows).toEqual([])
})

test('the sink finds every landing table without naming a schema', async () => {
  await using database = await postgres.open('warehouse', { user: 'sink' })

  for (const table of ['"CommunityUsers"', '"SitesUsers"', 'heartbeat', 'sites_beat_log']) {
    expect((await database.query(`delete from ${table}`)).rowCount).toBe(0)
  }
})

test.each([
  ['community_db', 'tributary_community', 'public."CommunityUsers"', 'tributary.community_beat_log'],
  ['sites_db', 'tributary_sites', 'public."SitesUsers"', 'tributary.sites_beat_log'],
])('in %s the publication covers its table, beats and signal only', async (name, publication, table, log) => {
  await using database = await postgres.open(name)

  const { rows } = await database.query(
    `select pubname, format('%s.%s', schemaname, quote_ident(tablename)) as member from pg_publication_tables`,
  )

  expect(rows.map(({ member }) => member).sort()).toEqual(
    [table, log, 'tributary.heartbeat', 'tributary.signal'].sort(),
  )
  expect(new Set(rows.map(({ pubname }) => pubname))).toEqual(new Set([publication]))
})

test('a table that somebody added to the publication stays when its file runs again', async () => {
  await using database = await postgres.open('community_db')
  await database.query('create table brought (id bigint primary key)')
  await database.query('alter publication tributary_community add table brought')
  await database.query('delete from tributary.migrations')

  await migrateMoodle(database, 'community-db')

  const { rows } = await database.query(`select from pg_publication_tables where tablename = 'brought'`)
  expect(rows.length).toBe(1)
  await database.query('drop table brought')
})

test('an update carries the whole old row, so that a long untouched text is not lost', async () => {
  for (const [name, table] of [
    ['community_db', '"CommunityUsers"'] as const,
    ['sites_db', '"SitesUsers"'] as const,
  ]) {
    await using database = await postgres.open(name)
    const { rows } = await database.query('select relreplident from pg_class where oid = $1::regclass', [
      table,
    ])
    expect(rows).toEqual([{ relreplident: 'f' }])
  }
})
