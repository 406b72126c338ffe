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

const source = 'community-source'

/** The declared pair as files. */
function writeFiles(): readonly string[] {
  const paths = Object.entries(world.configs).map(([name, config]) => {
    const path = join(terminal.folder, `${name}.json`)
    writeFileSync(path, JSON.stringify({ name, ...config }))
    return path
  })
  return paths.flatMap(path => ['-f', path])
}

const breakRole = async () => {
  await using database = await world.source()
  await database.query('revoke select on "CommunityUsers" from debezium')
}

const withoutKafka = (stdout: string) =>
  (JSON.parse(stdout) as { check: string; fix: string | null }[]).filter(({ check }) => check !== 'reachable')

test('a check is listed with what it looks for', async () => {
  const { code, stdout } = await terminal.run(['doctor', '--list', '-o', 'json'])

  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toContainEqual({
    ...{ check: 'wal-level', object: 'source' },
    title: 'the source server writes WAL that can be decoded (wal_level)',
  })
})

test('an error finding ends with 6, as rows for machines and as text to paste for people', async () => {
  await breakRole()

  const asJson = await terminal.run(['doctor', ...writeFiles(), '-o', 'json'])
  const asText = await terminal.run(['doctor', ...writeFiles()])

  expect([asJson.code, asText.code]).toEqual([6, 6])
  expect(withoutKafka(asJson.stdout)).toEqual([
    {
      check: 'role-select',
      object: 'community-source public.CommunityUsers',
      severity: 'error',
      message: 'the role debezium may not read public.CommunityUsers: the snapshot fails',
      fix: 'grant select on "public"."CommunityUsers" to "debezium";',
    },
  ])
  expect(asText.stdout).toContain(`community-source public.CommunityUsers
  ✗ role-select: the role debezium may not read public.CommunityUsers: the snapshot fails
    → SQL in community-db:
      grant select on "public"."CommunityUsers" to "debezium";
`)
})

test('what this machine was not told ends with 5, and the rest is looked at', async () => {
  const { code, stdout } = await terminal.run(['doctor', ...writeFiles(), '-o', 'json'])

  expect(code).toBe(5)
  expect(JSON.parse(stdout)).toMatchObject([{ check: 'reachable', object: 'kafka', severity: 'warning' }])
})

test('--fix --dry-run changes nothing, --fix asks, --fix --yes mends and looks again', async () => {
  await breakRole()
  const doctor = ['doctor', ...writeFiles(), '-o', 'json', '--fix']

  const dry = await terminal.run([...doctor, '--dry-run'])
  const unasked = await terminal.run(doctor)
  const before = await terminal.run(['doctor', ...writeFiles(), '-o', 'json'])
  const mended = await terminal.run([...doctor, '--yes'])

  expect(dry.stderr).toBe(
    'would run:\ncommunity-db: grant select on "public"."CommunityUsers" to "debezium";\n',
  )
  expect([dry.code, unasked.code, before.code, mended.code]).toEqual([6, 2, 6, 5])
  expect(unasked.stderr).toContain('CONFIRMATION_NEEDED: 1 statement would be run, and nobody said yes')
  expect(withoutKafka(mended.stdout)).toEqual([])
})

test('a deployed connector is looked at by its name, one that is not is refused', async () => {
  await world.store({ lsn: 42 })

  const known = await terminal.run(['doctor', source, '-o', 'json'])
  const unknown = await terminal.run(['doctor', 'comunity-source'])

  expect(withoutKafka(known.stdout)).toMatchObject([{ check: 'slot-in-step', object: source }])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain(`did you mean '${source}'?`)
})

test('databases that are down are a finding each', async () => {
  const files = writeFiles()
  await breakRole()
  await postgres.stop()

  const { code, stdout } = await terminal.run(['doctor', ...files, '-o', 'json'])
  await postgres.start()

  expect(code).toBe(6)
  expect(JSON.parse(stdout)).toMatchObject([
    { check: 'reachable', object: source, severity: 'error', fix: 'npx trib status' },
    { check: 'reachable', object: 'warehouse-sink', severity: 'error' },
    { check: 'reachable', object: 'kafka', severity: 'warning' },
  ])
})

test('a user who may not look is told so, and no finding is made up', async () => {
  await using admin = await postgres.open()
  await admin.query('create role onlooker login')
  using other = openTerminal({ connectUrl: world.fake.url, databases: await world.addresses('onlooker') })

  const { stdout } = await other.run(['doctor', ...writeFiles(), '--deep', '-o', 'json'])

  const message = expect.stringMatching(
    /it could not be looked at: .*permission denied for table CommunityUsers/,
  )
  expect(withoutKafka(stdout)).toMatchObject([{ check: 'row-size', severity: 'warning', message }])
})
