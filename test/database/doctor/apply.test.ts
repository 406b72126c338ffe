import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { openTerminal, type Terminal } from '../../support/run-trib.ts'
import { makeTemplates } from './make-templates.ts'
import { type DoctorWorld, openWorld } from './world.ts'

let postgres: TestPostgres
let world: DoctorWorld
let terminal: Terminal
beforeAll(async () => {
  postgres = await startPostgres({ settings: { max_slot_wal_keep_size: '1GB' } })
  await makeTemplates(postgres)
})
afterAll(() => postgres[Symbol.asyncDispose]())

beforeEach(async () => {
  world = await openWorld(postgres)
  terminal = openTerminal({ connectUrl: world.fake.url, databases: await world.addresses() })
  return async () => {
    terminal[Symbol.dispose]()
    await world[Symbol.asyncDispose]()
  }
})

/** `apply` of the pair as it stands. */
function apply(...options: readonly string[]) {
  for (const [name, config] of Object.entries(world.configs))
    writeFileSync(join(terminal.folder, `${name}.json`), JSON.stringify({ name, ...config }))
  const files = Object.keys(world.configs).flatMap(name => ['-f', join(terminal.folder, `${name}.json`)])
  return terminal.run(['apply', ...files, ...options])
}

test('a healthy pair is applied without a word of the doctor', async () => {
  const { code, stderr } = await apply()

  expect(code).toBe(0)
  expect(stderr).not.toMatch(/warning|note/)
  expect(world.fake.count('POST /connectors')).toBe(2)
})

test('an error finding refuses all of it before anything is changed; --no-doctor does not look', async () => {
  await using database = await world.source()
  await database.query('revoke select on "CommunityUsers" from debezium')

  const refused = await apply()
  const made = world.fake.count('POST /connectors')
  const unseen = await apply('--no-doctor')

  expect([refused.code, made, unseen.code]).toEqual([2, 0, 0])
  expect(refused.stderr).toContain(
    'CONFIG_INVALID: community-source public.CommunityUsers: the role debezium may not read public.CommunityUsers: the snapshot fails (role-select)',
  )
  expect(refused.stderr).toMatch(/→ nothing was changed; npx trib doctor -f .* shows what mends it/)
})

test('a warning is printed, and the connectors are applied', async () => {
  delete world.configs['warehouse-sink']['delete.enabled']

  const { code, stderr } = await apply()

  expect(code).toBe(0)
  expect(stderr).toContain(
    'warning: warehouse-sink: delete.enabled is false: rows that were deleted stay in the warehouse (sink-settings)\n  → "delete.enabled": "true"\n',
  )
})

test('a database that this machine does not reach is a note, and no reason to refuse', async () => {
  await postgres.stop()

  const { code, stderr } = await apply()
  await postgres.start()

  expect(code).toBe(0)
  expect(stderr).toMatch(
    /note: the databases of community-source, warehouse-sink were not looked at: .*nothing listens there/,
  )
})
