import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { askHealth, paste, untilSeen as untilPipelineShows, untilWell } from './ask-health.ts'
import { recordOf } from './processes.ts'

let stack: TestStack

beforeAll(async () => {
  stack = createTestStack({
    GENERATOR_HISTORY: '200',
    GENERATOR_RATE: '4',
    GENERATOR_INTERVAL_MS: '500',
  })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  await untilWell(stack)
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

afterEach(async () => {
  await untilWell(stack)
})

const health = () => askHealth(stack)
const untilSeen = (name: string, rule: string, deadlineMs = 30_000) =>
  untilPipelineShows(stack, name, rule, { deadlineMs })

const kill = (service: string) => process.kill(recordOf(stack.folder, service).pid, 'SIGKILL')

test('a stack that is well is ok in every hop, within 1.5 s, for people, machines and monitors', async () => {
  const seen = await health()

  expect(seen).toMatchObject({ state: 'ok', code: 0 })
  const took: number[] = []
  for (let look = 0; look < 3; look += 1) took.push((await stack.trib(['health'])).seconds)
  expect(Math.min(...took)).toBeLessThan(1.5)
  expect(seen.pipelines.map(({ name }) => name)).toEqual(['community-source', 'sites-source'])
  for (const { hops, freshnessSeconds, lagRecords } of seen.pipelines) {
    expect(hops.map(({ hop, state }) => `${hop} ${state}`)).toEqual([
      ...['database ok', 'publication ok', 'slot ok', 'source ok', 'topic ok', 'sink ok', 'warehouse ok'],
    ])
    expect(freshnessSeconds).toBeLessThan(10)
    expect(lagRecords).not.toBeNull()
  }
  const nagios = await stack.trib(['health', '--nagios'])
  expect(nagios).toMatchObject({ code: 0, stderr: '' })
  expect(nagios.stdout).toMatch(
    /^OK - 2 of 2 pipelines are well \| 'community-source freshness'=[\d.]+s;;40;0 .*\n$/,
  )
})

test('pipelines are listed, described table by table, and top shows what flows', async () => {
  const names = await stack.trib(['get', 'pipelines', '-o', 'name'])
  expect(names.stdout).toBe('community-source\nsites-source\n')

  const described = await stack.trib(['describe', 'pipeline', 'community-source'])
  expect(described.stdout).toMatch(/slot +ok +name tributary_community, active yes/)
  expect(described.stdout).toMatch(
    /public\.CommunityUsers +community-db\.public\.CommunityUsers +public\.CommunityUsers/,
  )

  const rates = await stack.json<{ table: string; inPerSecond: number; outPerSecond: number }[]>([
    'top',
    '--once',
  ])
  expect(rates.map(({ table }) => table).sort()).toEqual([
    ...['public.CommunityUsers', 'public.SitesUsers', 'tributary.community_beat_log', 'tributary.heartbeat'],
    ...['tributary.heartbeat', 'tributary.sites_beat_log'],
  ])
  const unknown = await stack.trib(['describe', 'pipeline', 'comunity-source'])
  expect(unknown).toMatchObject({ code: 2, stdout: '' })
  expect(unknown.stderr).toContain("did you mean 'community-source'?")
})

test('a source whose application is idle is healthy: the heartbeat shows it', async () => {
  kill('sites-generator')
  const idle = await eventually('a quiet source', async () => {
    const rates = await stack.json<{ table: string; inPerSecond: number | null }[]>(['top', '--once'])
    return rates.find(({ table, inPerSecond }) => table === 'public.SitesUsers' && inPerSecond === 0)
  })

  expect(idle).toBeDefined()
  expect(await health()).toMatchObject({ state: 'ok', code: 0 })
  await paste(`npx trib up --stack ${stack.name}`)
})

test('a task that FAILED under a RUNNING connector is seen, explained, and mended by the printed line', async () => {
  await stack.sql('warehouse', 'revoke insert on "CommunityUsers" from sink')

  const seen = await untilSeen('community-source', 'permission-denied')

  expect(seen.state).toBe('failed')
  expect(seen.cause).toBe(
    'warehouse-sink is RUNNING, but its task 0 FAILED: sink has no right to write the table CommunityUsers',
  )
  expect((await stack.trib(['health'])).code).toBe(6)
  const { stdout } = await stack.trib(['explain', 'warehouse-sink'])
  expect(stdout).toContain('the sink warehouse-sink is RUNNING, task 0 is FAILED; it belongs to 2 pipelines')
  expect(stdout).toContain('known  as permission-denied')
  expect(stdout).toContain('trace  org.postgresql.util.PSQLException: ERROR: permission denied for table')
  await paste(seen.command)
})

test('a sink that is stuck, as somebody paused it, is degraded while its lag grows', async () => {
  await stack.trib(['pause', 'warehouse-sink'])

  const first = await untilSeen('sites-source', 'paused')
  const later = await eventually('a lag that grew', async () => {
    const seen = await untilSeen('sites-source', 'paused')
    return Number(seen.lagRecords) > Number(first.lagRecords) ? seen : undefined
  })

  expect(later).toMatchObject({
    state: 'degraded',
    command: `npx trib resume --stack ${stack.name} warehouse-sink`,
  })
  expect((await stack.trib(['health', '--nagios'])).code).toBe(1)
  expect((await stack.trib(['health', 'sites-source'])).code).toBe(5)
  await paste(later.command)
})

test('a publication that misses a table of the include list is named with the table', async () => {
  await stack.sql('community-db', 'alter publication tributary_community drop table "CommunityUsers"')

  const seen = await untilSeen('community-source', 'publication-misses-table')

  expect(seen.state).toBe('failed')
  expect(seen.cause).toContain('the publication tributary_community misses public."CommunityUsers"')
  await paste(seen.command)
})

test('a slot that was dropped is told from what follows of it, and made anew with a snapshot', async () => {
  await stack.sql('community-db', 'select pg_terminate_backend(active_pid) from pg_replication_slots')
  await stack.sql('community-db', "select pg_drop_replication_slot('tributary_community')")

  const seen = await untilSeen('community-source', 'slot-missing')

  expect(seen.state).toBe('failed')
  expect(seen.cause).toContain('the slot tributary_community does not exist in community_db')
  await paste(seen.command)
})

test('deletes that a source did not read before it began anew are told until they are repaired', async () => {
  await stack.trib(['stop', 'community-source'])
  await stack.sql('community-db', "select pg_drop_replication_slot('tributary_community')")
  await stack.sql(
    'community-db',
    'delete from "CommunityUsers" where id in (select min(id) from "CommunityUsers")',
  )

  // The line that health prints goes on with a repair: somebody was called away in between.
  const begun = await stack.trib(['delete', 'offsets', 'community-source', '--yes'])
  expect(begun.code).toBe(0)
  await stack.trib(['resume', 'community-source'])

  const seen = await untilSeen('community-source', 'source-restored', 60_000)
  expect(seen).toMatchObject({
    state: 'failed',
    command: `npx trib verify --stack ${stack.name} community-source --repair --yes`,
  })
  expect(await paste(seen.command)).toMatch(
    /rows of public\.CommunityUsers that the source lacks are deleted in the warehouse/,
  )
  await untilWell(stack)
  expect((await stack.trib(['verify'])).code).toBe(0)
})

test('a slot that fills up is seen before it is lost; the printed line lets it go on', async () => {
  await stack.trib(['stop', 'community-source'])
  // Each round fills a segment of 16 MB: 94 of them are 73 % of the 2 GB that a slot may keep.
  await stack.sql(
    'community-db',
    `select max(pg_logical_emit_message(false, 'test', 'x')), max(pg_switch_wal()) from generate_series(1, 94)`,
  )

  const seen = await untilSeen('community-source', 'slot-near-limit')

  expect(seen.state).toBe('degraded')
  expect(seen.cause).toMatch(
    /^the slot tributary_community keeps 1\.\d GB of 2(\.0)? GB of WAL \(7\d %\), as community-source does not run/,
  )
  await paste(seen.command)
})

test('a table that is gone from the warehouse is made again as the source has it', async () => {
  await stack.sql('warehouse', 'drop table tributary.heartbeat')

  const seen = await untilSeen('sites-source', 'landing-table-missing')

  expect(seen.command).toContain(
    'create table tributary.heartbeat (source text not null, beat_at timestamp with time zone',
  )
  await paste(seen.command)
})

test('a warehouse that is down is the cause, not the sink, and monitors hear CRITICAL', async () => {
  kill('warehouse')

  const seen = await untilSeen('sites-source', 'warehouse-down')

  expect(seen).toMatchObject({ state: 'failed', command: `npx trib up --stack ${stack.name}` })
  expect(seen.cause).toContain('nothing listens there')
  expect((await stack.trib(['health', '--nagios'])).code).toBe(2)
  const doctor = await stack.trib(['doctor', 'warehouse-sink', '-o', 'json'])
  expect(doctor.code).toBe(6)
  const [finding] = JSON.parse(doctor.stdout)
  expect(finding).toMatchObject({ check: 'reachable', fix: seen.command })
  await paste(finding.fix)
})

test('a source that is down fails its own pipeline only', async () => {
  kill('community-db')

  const seen = await untilSeen('community-source', 'source-database-down')

  expect(seen.state).toBe('failed')
  expect(seen.hops.find(({ hop }) => hop === 'slot')).toMatchObject({ state: 'unknown', rule: 'slot-unread' })
  expect((await health()).pipelines.find(({ name }) => name === 'sites-source')?.state).toBe('ok')
  await paste(seen.command)
})
