import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import type { TestPostgres } from '../../support/postgres.ts'
import type { Terminal } from '../../support/run-trib.ts'
import { eventually } from '../../support/trib.ts'
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
  const connect = createConnectClient({ urls: [world.fake.url] })
  await eventually('both to run', async () =>
    (await connect.list()).every(({ tasks }) => tasks[0]?.state === 'RUNNING') ? true : undefined,
  )
})

const users = 'public.CommunityUsers'

test('the plan of a removal says what is taken away, and changes nothing', async () => {
  const { code, stdout } = await run(['remove', 'table', 'community-db', users, '--dry-run', '-o', 'json'])

  expect(code).toBe(3)
  expect(JSON.parse(stdout)).toEqual({
    source: 'community-source',
    sink: 'warehouse-sink',
    tables: [{ table: users, topic: 'community-db.public.CommunityUsers' }],
    statements: [
      'alter publication "tributary_community" drop table "public"."CommunityUsers"',
      'drop trigger "tributary_delete_before_truncate" on "public"."CommunityUsers"',
      'revoke select on "public"."CommunityUsers" from "debezium"',
    ].map(sql => ({ database: 'community-db', sql })),
    landing: [{ table: '"public"."CommunityUsers"', isKept: true }],
    isDone: false,
  })
  const connect = createConnectClient({ urls: [world.fake.url] })
  expect((await connect.config('community-source'))?.['table.include.list']).toContain(users)
})

test('with --drop the landing table and the topic go, and that is asked', async () => {
  const args = ['remove', 'table', 'community-db', users, '--drop']
  const { code, stderr } = await run(args)
  expect(code).toBe(2)
  expect(stderr).toContain('warehouse: drop table "public"."CommunityUsers"')
  expect(stderr).toContain('kafka: the topic community-db.public.CommunityUsers is removed')
  expect(stderr).toContain(
    'what has landed would be dropped for good, and nobody said yes; nothing was changed',
  )
  expect(stderr).toContain(`npx trib remove table community-db ${users} --drop --yes`)
})

test.each([
  [['remove', 'table'], 'public.nothing', 'community-db has no table'],
  [
    ['remove', 'table'],
    'public.other',
    'community-source does not capture public.other; nothing was changed',
  ],
  [['remove', 'table'], 'tributary.heartbeat', 'is a table by which Tributary works itself'],
  [['backfill'], 'public.other', 'community-source does not capture public.other'],
  [['resync', 'table'], 'public.other', 'community-source does not capture public.other'],
])('%j of %s is refused', async (words, table, sentence) => {
  await using database = await world.source()
  await database.query('create table other (id int primary key)')
  const { code, stderr } = await run([...words, 'community-db', table])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) })
})

test('what will be read again is counted, and a stopped source is refused', async () => {
  await using database = await world.source()
  await database.query(`insert into "CommunityUsers" (email, username, registration_timestamp)
    select 'a', 'b', now() from generate_series(1, 7)`)
  const counted = await run([
    'backfill',
    'community-db',
    users,
    '--where',
    'id > 2',
    '--dry-run',
    '-o',
    'json',
  ])
  expect(counted.code).toBe(3)
  expect(JSON.parse(counted.stdout)).toMatchObject([{ table: users, rows: 5, where: 'id > 2' }])

  await run(['stop', 'community-source'])
  const { code, stderr } = await run(['backfill', 'community-db', users])
  expect(code).toBe(1)
  expect(stderr).toContain('community-source is STOPPED, so that nobody would read the rows')
})
