import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import type { TestPostgres } from '../support/postgres.ts'
import type { Terminal } from '../support/run-trib.ts'
import { openDeployedWorld, startWorlds } from './doctor/deployed-world.ts'
import type { DoctorWorld } from './doctor/world.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startWorlds()
})
afterAll(() => postgres[Symbol.asyncDispose]())

let world: DoctorWorld
let run: Terminal['run']
let follow: () => Promise<{
  code: number
  told: readonly { level: string; sentence: string; command: string | null }[]
}>

beforeEach(async () => {
  ;({ world, run } = await openDeployedWorld(postgres))
  follow = async () => {
    const { code, stdout, stderr } = await run(['follow', '--once', '-o', 'json'])
    if (stdout === '') throw new Error(stderr)
    return { code, told: JSON.parse(stdout) }
  }
})

const inSource = async (sql: string) => {
  await using database = await world.source()
  await database.query(sql)
}

async function landing() {
  await using database = await world.warehouse()
  const { rows } = await database.query<{
    name: string
    type: string
    nullable: boolean
    value: string | null
  }>(
    `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable,
       pg_get_expr(d.adbin, d.adrelid) as value
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where attrelid = 'public."CommunityUsers"'::regclass and attnum > 0 and not attisdropped order by attnum`,
  )
  return rows.map(({ name, type, nullable, value }) =>
    [name, type, ...(nullable ? ['null'] : []), ...(value === null ? [] : [value])].join(' '),
  )
}

const users = 'public."CommunityUsers"'
const shipped = [
  'id bigint',
  'email text',
  'username text',
  'registration_timestamp timestamp with time zone',
]

test('nothing is said or changed where both sides fit, however often one looks', async () => {
  expect(await follow()).toEqual({ code: 0, told: [] })
  expect(await follow()).toEqual({ code: 0, told: [] })
  expect(await landing()).toEqual(shipped)
})

test('columns are added with what old rows have, released where they were dropped, and only once', async () => {
  await follow()
  await inSource(`insert into ${users} (email, username, registration_timestamp) values ('a', 'b', now());
    alter table ${users} add column note text, add column points int not null default 7,
      add column mood text default 'it''s', add column tags text[] default '{a,"b c"}', drop column username`)

  const { code, told } = await follow()

  expect(told.map(({ level }) => level)).toEqual(['info', 'info', 'info', 'info', 'info'])
  expect(code).toBe(0)
  expect(await landing()).toEqual([
    ...shipped.map(line => (line.startsWith('username') ? 'username text null' : line)),
    ...['note text null', 'points integer null 7', "mood text null 'it''s'::text"],
    `tags text[] null '{a,"b c"}'::text[]`,
  ])
  expect(await follow()).toEqual({ code: 0, told: [] })
})

test('a rename is told from a new column though nobody looked, and is settled by the printed SQL', async () => {
  await follow()
  await inSource(
    `alter table ${users} rename column username to name; alter table ${users} add column username text`,
  )

  const { code, told } = await follow()

  expect(code).toBe(6)
  expect(told).toHaveLength(1)
  expect(told[0]?.sentence).toContain('public.CommunityUsers has renamed username to name')
  expect(await landing()).toEqual(shipped)
  const [, sql = ''] = /-c '([^']+)'/.exec(told[0]?.command ?? '') ?? []
  await using database = await world.warehouse()
  await database.query(sql)
  expect((await follow()).told.map(({ level }) => level)).toEqual(['info'])
  expect(await landing()).toEqual([
    ...shipped.map(line => line.replace('username', 'name')),
    'username text null',
  ])
})

test('a type that would be rounded pauses the sink', async () => {
  await inSource(`alter table ${users} add column score int`)
  await follow()
  await inSource(`alter table ${users} alter column score type numeric(10,2)`)

  const { code, told } = await follow()

  expect(code).toBe(6)
  expect(told.map(({ sentence }) => sentence)).toEqual([
    expect.stringContaining('has changed score from integer to numeric(10,2)'),
    'paused, before more rows of public.CommunityUsers land changed',
  ])
  const connect = createConnectClient({ urls: [world.fake.url] })
  expect((await connect.status('warehouse-sink'))?.state).toBe('PAUSED')
})

test('a table that is renamed in the source is told with the way back', async () => {
  await follow()
  await inSource(`alter table ${users} rename to members`)

  const { code, told } = await follow()

  expect(code).toBe(6)
  expect(told[0]?.sentence).toContain('it is called public.members now')
})

test('a pipeline that is not there is named, with those that are', async () => {
  const { code, stderr } = await run(['follow', '--once', 'comunity-source'])

  expect(code).toBe(2)
  expect(stderr).toBe(
    "USAGE: there is no pipeline 'comunity-source'; did you mean 'community-source'?\n  → pipelines: community-source\n",
  )
})
