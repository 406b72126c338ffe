import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import type { TestPostgres } from '../support/postgres.ts'
import { startMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startMoodle()
})
afterAll(() => postgres[Symbol.asyncDispose]())

/** By which somebody who has a foot in the door would become more than they are, or leave something behind. */
const forbiddenToAll: readonly string[] = [
  'create table mine ()',
  'create table tributary.mine ()',
  'create temporary table mine ()',
  'create schema mine',
  'create view mine as select 1',
  'create function mine() returns int language sql as $$ select 1 $$',
  'create extension pgcrypto',
  'create publication mine',
  "create subscription mine connection 'host=127.0.0.1' publication x with (connect = false)",
  'create database mine',
  'create role mine',
  'select lo_create(0)',
  'select lo_creat(-1)',
  "select lo_from_bytea(0, 'x')",
  'set role postgres',
  'set session authorization postgres',
  'set session_replication_role = replica',
  "alter role postgres password 'mine'",
  'alter role current_user superuser',
  'alter role current_user replication bypassrls',
  'grant pg_write_all_data to current_user',
  "alter system set archive_command = 'mine'",
  "copy (select 1) to program 'cat'",
  "copy (select 1) to '/tmp/mine'",
  "select pg_read_file('PG_VERSION')",
  "select pg_ls_dir('.')",
  'select rolpassword from pg_authid',
  'select subconninfo from pg_subscription',
  'select pg_reload_conf()',
  'select pg_switch_wal()',
  "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
  'select from tributary.migrations',
  "insert into tributary.migrations (name, checksum) values ('mine', '')",
  'drop schema tributary cascade',
]

const slots: readonly string[] = [
  "select pg_create_logical_replication_slot('mine', 'pgoutput')",
  "select pg_create_physical_replication_slot('mine')",
  "select pg_drop_replication_slot('tributary_community')",
]

/** All that changes a table or its rows, but for what the role is there for. */
function changesOf(table: string, allowed: readonly string[] = []): readonly string[] {
  const all: Readonly<Record<string, string>> = {
    // Rights are looked at before values are.
    insert: `insert into ${table} default values`,
    update: `update ${table} set ${columnOf(table)} = default`,
    delete: `delete from ${table} where false`,
    truncate: `truncate ${table}`,
    alter: `alter table ${table} add column mine text`,
    drop: `drop table ${table}`,
    trigger: `create trigger mine after insert on ${table} execute function suppress_redundant_updates_trigger()`,
    index: `create index on ${table} ((1))`,
    owner: `alter table ${table} owner to current_user`,
  }
  return Object.entries(all).flatMap(([kind, statement]) => (allowed.includes(kind) ? [] : [statement]))
}

function columnOf(table: string): string {
  if (table.endsWith('beat_log')) return 'tick'
  if (table.endsWith('heartbeat')) return 'source'
  return table.endsWith('generated') ? 'seed' : 'id'
}

const rows = ['insert', 'update', 'delete']
const sources = [
  ['community_db', '"CommunityUsers"', 'tributary.community_beat_log', 'tributary_community'],
  ['sites_db', '"SitesUsers"', 'tributary.sites_beat_log', 'tributary_sites'],
] as const

/** The role, its database, and what is forbidden to it beside what is to all. */
const limits: readonly (readonly [role: string, database: string, forbidden: readonly string[]])[] = [
  ...sources.flatMap(
    ([database, table, log, publication]) =>
      [
        [
          'debezium',
          database,
          [
            ...changesOf(table),
            ...changesOf(log),
            ...changesOf('tributary.heartbeat', ['insert', 'update']),
            ...changesOf('tributary.signal', rows),
            ...changesOf('tributary.generated'),
            'select from tributary.generated',
            `alter publication ${publication} drop table tributary.signal`,
            `drop publication ${publication}`,
          ],
        ],
        [
          'generator',
          database,
          [
            ...slots,
            ...changesOf(table, rows),
            ...changesOf(log),
            ...changesOf('tributary.heartbeat'),
            ...changesOf('tributary.signal'),
            ...changesOf('tributary.generated', rows),
            `select from ${log}`,
            'select from tributary.heartbeat',
            'select from tributary.signal',
            `select setval(pg_get_serial_sequence('${table}', 'id'), 1)`,
            `alter publication ${publication} drop table ${table}`,
            `alter table ${table} disable trigger all`,
          ],
        ],
        [
          'console',
          database,
          [
            ...slots,
            ...changesOf(table),
            ...changesOf(log),
            ...changesOf('tributary.heartbeat'),
            ...changesOf('tributary.signal'),
            ...changesOf('tributary.generated'),
            'select from tributary.generated',
          ],
        ],
      ] as const,
  ),
  [
    'sink',
    'warehouse',
    [
      ...slots,
      ...['"CommunityUsers"', '"SitesUsers"', 'tributary.heartbeat'].flatMap(name => changesOf(name, rows)),
      ...['tributary.community_beat_log', 'tributary.sites_beat_log'].flatMap(name => changesOf(name, rows)),
      'select from admin_overlap',
      'select from weekly_registrations',
      'drop view admin_overlap',
      'select from tributary.sink_tasks',
      'create or replace function tributary.one_sink() returns void language sql as $$ select $$',
    ],
  ],
  ...(['dashboard', 'console'] as const).map(
    role =>
      [
        role,
        'warehouse',
        [
          ...slots,
          ...['"CommunityUsers"', '"SitesUsers"', 'tributary.heartbeat'].flatMap(name => changesOf(name)),
          ...['tributary.community_beat_log', 'tributary.sites_beat_log'].flatMap(name => changesOf(name)),
          'select tributary.one_sink()',
          "select tributary.one_sink('a-task')",
          'select from tributary.weeks',
        ],
      ] as const,
  ),
  ['dashboard', 'warehouse', ['select from tributary.community_beat_log']],
]

/** How a statement ended. Not in a transaction, in which some are refused for another reason; the server is the test's own. */
async function outcomeOf(database: Database, statement: string): Promise<string> {
  try {
    await database.query(statement)
    return `allowed: ${statement}`
  } catch (error) {
    return String(error).includes('(42501)') ? 'refused' : `${statement}: ${error}`
  }
}

test.each(limits)('%s in %s is refused what it is not there for', async (user, name, forbidden) => {
  await using database = await postgres.open(name, { user })
  // What makes a refusal plainer must not be what forbids.
  await database.query('set default_transaction_read_only = off')

  const outcomes: string[] = []
  for (const statement of [...forbiddenToAll, ...forbidden]) {
    outcomes.push(await outcomeOf(database, statement))
  }

  expect(outcomes.filter(outcome => outcome !== 'refused')).toEqual([])
})

test.each([
  ['dashboard', 'warehouse'],
  ['console', 'warehouse'],
  ['console', 'sites_db'],
])('%s in %s is told that it only reads', async (user, name) => {
  await using database = await postgres.open(name, { user })

  await expect(database.query('delete from "SitesUsers"')).rejects.toThrow('(25006)')
})
