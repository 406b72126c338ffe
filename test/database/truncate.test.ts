import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { migrateMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
let database: Database

beforeAll(async () => {
  postgres = await startPostgres({ databases: ['community_db'] })
  database = await postgres.open('community_db')
  await migrateMoodle(database, 'community-db')
  await database.query(`create table deleted (name text);
    grant insert on deleted to public;
    create function note_delete() returns trigger language plpgsql as
      $$ begin insert into public.deleted values (tg_table_name); return null; end $$`)
})
afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
  await postgres?.[Symbol.asyncDispose]()
})

const guard = (table: string) =>
  `create trigger guard before truncate on ${table} for each statement execute function tributary.delete_before_truncate();`

/** Notes each row that is deleted as a row, which is what a change stream carries; also in a replica. */
const watch = (table: string) =>
  `create trigger watch after delete on ${table} for each row execute function note_delete();
   alter table ${table} enable always trigger watch;`

/** How many rows a statement deleted, by table. */
async function deletedBy(statement: string): Promise<Readonly<Record<string, number>>> {
  await database.query('truncate deleted')
  await database.query(statement)
  const { rows } = await database.query<{ name: string; rows: number }>(
    'select name, count(*)::int as rows from deleted group by name order by name',
  )
  return Object.fromEntries(rows.map(one => [one.name, one.rows]))
}

test('a TRUNCATE of a partitioned table, or of a partition alone, deletes the rows first', async () => {
  await database.query(`create table events (id int, day int, primary key (id, day)) partition by range (day);
    create table events_1 partition of events for values from (0) to (10);
    create table events_2 partition of events for values from (10) to (20);
    ${guard('events')} ${guard('events_1')} ${guard('events_2')} ${watch('events')}
    insert into events select g, g from generate_series(0, 19) g`)

  expect(await deletedBy('truncate events_1')).toEqual({ events_1: 10 })
  expect(await deletedBy('truncate events restart identity')).toEqual({ events_2: 10 })
})

test('CASCADE deletes the rows of every table, and no trigger of rows fires, as with TRUNCATE', async () => {
  await database.query(`create table parents (id int primary key);
    create table children (id int primary key, parent int references parents);
    ${guard('parents')} ${guard('children')} ${watch('parents')} ${watch('children')}
    create function never() returns trigger language plpgsql as $$ begin raise 'fired'; end $$;
    create trigger row_trigger after delete on parents for each row execute function never();
    insert into parents select g from generate_series(1, 5) g;
    insert into children select g, g from generate_series(1, 5) g`)

  expect(await deletedBy('truncate parents cascade')).toEqual({ children: 5, parents: 5 })
})

test('TRUNCATE ONLY leaves the rows of what inherits', async () => {
  await database.query(`create table things (id int); create table books () inherits (things);
    ${guard('things')} ${watch('things')} ${watch('books')}
    insert into things values (1); insert into books values (2), (3)`)

  expect(await deletedBy('truncate only things')).toEqual({ things: 1 })
  expect((await database.query('select id from things')).rows).toHaveLength(2)
})

test('a role with TRUNCATE and without DELETE can, and nobody can use the function for anything else', async () => {
  await database.query(`create table visits (id int); ${guard('visits')} ${watch('visits')} insert into visits values (1), (2);
    create role cleaner; grant truncate, insert, trigger on visits to cleaner`)

  expect(await deletedBy('set role cleaner; truncate visits; reset role')).toEqual({ visits: 2 })
  await expect(
    database.query(`set role cleaner; create trigger wipe after insert on visits for each statement
      execute function tributary.delete_before_truncate()`),
  ).rejects.toThrow(/permission denied for (function|schema)/)
  await database.query('reset role')
})

test('a TRUNCATE of a restore, which works as a replica, arrives, too', async () => {
  await database.query(
    `insert into "CommunityUsers" (email, username, registration_timestamp) values ('a', 'b', now());
     ${watch('"CommunityUsers"')}`,
  )

  expect(
    await deletedBy(
      'set session_replication_role = replica; truncate "CommunityUsers"; reset session_replication_role',
    ),
  ).toEqual({ CommunityUsers: 1 })
})
