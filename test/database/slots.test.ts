import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
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

beforeEach(async () => {
  ;({ world, run } = await openDeployedWorld(postgres))
  await using database = await world.source()
  await database.query(`select pg_create_logical_replication_slot('${world.slot}', 'pgoutput')`)
})

const slotsLeft = async () => {
  await using database = await world.source()
  const { rows } = await database.query<{ name: string }>(
    'select slot_name::text as name from pg_replication_slots order by 1',
  )
  return rows.map(({ name }) => name)
}

test('slots are told with their connector; one that nobody reads is an orphan, with the line that drops it', async () => {
  await using database = await world.source()
  await database.query(`select pg_create_logical_replication_slot('forgotten', 'pgoutput')`)

  const { code, stdout, stderr } = await run(['get', 'slots', '-o', 'json'])

  expect(code).toBe(0)
  const slots = JSON.parse(stdout)
  expect(slots).toMatchObject([
    {
      slot: world.slot,
      service: 'community-db',
      owner: 'community-source',
      active: false,
      walStatus: 'reserved',
    },
    { slot: 'forgotten', owner: 'ORPHAN', active: false, reader: null, secondsUntilFull: null },
  ])
  expect(slots[0].retainedBytes).toBeGreaterThanOrEqual(0)
  expect(stderr).toContain(`npx trib sql community-db "select pg_drop_replication_slot('forgotten')"`)
  expect((await run(['get', 'slots'])).stdout).toMatch(
    /^SLOT +SERVICE +OWNER +ACTIVE +RETAINED +WAL_STATUS +FULL_IN\n/,
  )
})

test('the time until a slot is full is told while it grows', async () => {
  await using database = await world.source()
  await database.query(`alter system set max_slot_wal_keep_size = '64MB'`)
  await database.query('select pg_reload_conf(); create table noise (t text)')
  onTestFinished(async () => {
    await using admin = await postgres.open()
    await admin.query('alter system reset max_slot_wal_keep_size')
    await admin.query('select pg_reload_conf()')
  })
  let isEnding = false
  const writing = (async () => {
    while (!isEnding)
      await database.query(`insert into noise select repeat('x', 1000) from generate_series(1, 20)`)
  })()

  const { stdout } = await run(['get', 'slots', '-o', 'json'])
  isEnding = true
  await writing

  expect(JSON.parse(stdout)[0]).toMatchObject({ slot: world.slot, secondsUntilFull: expect.any(Number) })
})

test('a deleted source leaves its slot and its publication, and says how they go', async () => {
  const { code, stderr } = await run(['delete', 'community-source'])
  expect(code).toBe(0)
  expect(stderr).toContain('--drop-slot')
  expect(stderr).toContain('--drop-publication')
  expect(await slotsLeft()).toEqual([world.slot])
})

test('with the flags they go, too, but not without a yes', async () => {
  const args = ['delete', 'community-source', '--drop-slot', '--drop-publication']

  const refused = await run(args)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain(
    'could not go on where they are: made again, they begin with a snapshot (loses-position)',
  )
  expect(refused.stderr).toContain('npx trib delete community-source --drop-slot --drop-publication --yes')
  expect(await slotsLeft()).toEqual([world.slot])

  const { code, stderr } = await run([...args, '--yes'])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(await slotsLeft()).toEqual([])
  await using database = await world.source()
  expect((await database.query('select from pg_publication')).rows).toEqual([])
})

test('what another connector reads, too, is not dropped', async () => {
  const connect = createConnectClient({ urls: [world.fake.url] })
  await connect.create('twin', { ...world.configs['community-source'], 'slot.name': 'another' })

  const { code, stderr } = await run([
    'delete',
    'community-source',
    '--drop-slot',
    '--drop-publication',
    '--yes',
  ])

  expect(code).toBe(2)
  expect(stderr).toContain('is read by twin, too; nothing was deleted')
  expect((await connect.list()).map(({ name }) => name)).toContain('community-source')
  expect(await slotsLeft()).toEqual([world.slot])
})
