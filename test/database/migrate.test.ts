import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { migrate, type SqlFile } from '../../control/database/migrate.ts'
import { silentLog } from '../../control/output/log.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { type MoodleService, migrateMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
beforeAll(async () => {
  const databases = ['plain', 'broken', 'changed', 'together', 'community_db', 'sites_db', 'warehouse']
  postgres = await startPostgres({ databases })
})
afterAll(() => postgres[Symbol.asyncDispose]())

const first: SqlFile = { name: '01-first.sql', sql: 'create table if not exists first ();' }
const second: SqlFile = { name: '02-second.sql', sql: 'create table if not exists second ();' }

function run(database: Database, ...files: SqlFile[]) {
  return migrate({ database, files, log: silentLog })
}

test('files are applied once and recorded', async () => {
  await using database = await postgres.open('plain')

  expect(await run(database, first, second)).toEqual({ applied: ['01-first.sql', '02-second.sql'] })
  expect(await run(database, first, second)).toEqual({ applied: [] })

  const { rows } = await database.query('select name from tributary.migrations order by name')
  expect(rows.map(({ name }) => name)).toEqual(['01-first.sql', '02-second.sql'])
})

test('a file that changed runs again', async () => {
  await using database = await postgres.open('changed')
  await run(database, first)

  const changed = { ...first, sql: `${first.sql} alter table first add column if not exists id bigint;` }

  expect(await run(database, changed)).toEqual({ applied: ['01-first.sql'] })
  expect((await database.query('select id from first')).rows).toEqual([])
})

test('a broken file names itself and its line, and leaves nothing; the ones before it stay', async () => {
  await using database = await postgres.open('broken')
  const broken: SqlFile = {
    name: '02-broken.sql',
    sql: '-- What? 😀\ncreate table half ();\ncreat table other ();\n',
  }

  await expect(run(database, first, broken)).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
    message: `02-broken.sql, line 3: syntax error at or near "creat" (42601), in broken at 127.0.0.1:${postgres.port}`,
  })

  const { rows } = await database.query(`
    select to_regclass('first') is not null as first, to_regclass('half') is not null as half,
      (select array_agg(name) from tributary.migrations) as recorded`)
  expect(rows).toEqual([{ first: true, half: false, recorded: ['01-first.sql'] }])
})

test('two migrations at once take turns', async () => {
  await using one = await postgres.open('together')
  await using other = await postgres.open('together')
  const table: SqlFile = { name: '01-table.sql', sql: 'create table together ();' }

  const outcomes = await Promise.all([run(one, table), run(other, table)])

  expect(outcomes.flatMap(({ applied }) => applied)).toEqual(['01-table.sql'])
})

test.each<[MoodleService, string]>([
  ['community-db', 'community_db'],
  ['sites-db', 'sites_db'],
  ['warehouse', 'warehouse'],
])('every file of %s may run again', async (service, name) => {
  await using database = await postgres.open(name)
  const applied = await migrateMoodle(database, service)

  await database.query('delete from tributary.migrations')

  expect(await migrateMoodle(database, service)).toEqual(applied)
  expect(applied.length).toBeGreaterThan(5)
})
