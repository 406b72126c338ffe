import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../control/database/connect.ts'
import { createTopics } from '../../control/kafka/create-topics.ts'
import { openStack } from '../../control/stack/stack.ts'
import { lockStack } from '../../control/stack/stack-lock.ts'
import { isPortFree } from '../../control/system/ports.ts'
import { arrive, openTypedFlow, typesSink, typesSource } from '../faults/types/arrive.ts'
import { acceptedCases } from '../faults/types/cases.ts'
import { oddTables } from '../faults/types/odd-tables.ts'
import { pssMegabytes } from '../support/memory.ts'
import { createTestStack, eventually, root, type TestStack, type TribResult } from '../support/trib.ts'
import { untilWorkersShare } from '../support/workers.ts'
import { closedDoor, onLoopbackOnly } from './closed-door.ts'

const history = 3_000
let stack: TestStack
let up: TribResult
let upAt: number

beforeAll(async () => {
  stack = createTestStack({
    GENERATOR_HISTORY: String(history),
    GENERATOR_RATE: '2',
    GENERATOR_INTERVAL_MS: '500',
  })
  up = await stack.trib(['up', '--engine', 'native'])
  upAt = performance.now()
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

interface Status {
  readonly service: string
  readonly state: string
  readonly engine: string
  readonly host: string
  readonly port: number
  readonly url: string | null
}

const database = async (service: string, userName = 'postgres') => {
  const credentials = await stack.json<{ user: string; password: string; url: string }[]>([
    'credentials',
    service,
  ])
  const found = credentials.find(({ user }) => user === userName)
  if (!found) throw new Error(`${service} has no user ${userName}`)
  const url = new URL(found.url)
  return openDatabase({
    host: url.hostname,
    port: Number(url.port),
    user: found.user,
    password: found.password,
    database: url.pathname.slice(1),
  })
}

test('up ends well, prints both answers on stdout and what it did on stderr', () => {
  expect(up.stderr).not.toMatch(/✗|[A-Z]+_[A-Z]+: /)
  expect(up.code).toBe(0)
  expect(up.stderr).toContain('up in ')
  expect(up.stdout).toMatch(/WEEK +SITES_REGISTERED +SITES_TOTAL/)
  expect(up.stdout).toMatch(/WEEK +NEW_ADMINS +ADMINS_TOTAL/)
  expect(up.stdout).toContain('npx trib credentials')
})

test('the history of both sources is in the warehouse', async () => {
  for (const [source, table] of [
    ['community-db', '"CommunityUsers"'],
    ['sites-db', '"SitesUsers"'],
  ] as const) {
    const [ledger] = await stack.sql<{ rows_written: string; finished: boolean }>(
      source,
      'select rows_written, finished_at is not null as finished from tributary.generated',
    )
    expect(ledger).toEqual({ rows_written: String(history), finished: true })
    await using there = await database(source)
    await using here = await database('warehouse')
    await eventually(`${table} to be equal on both sides`, async () => {
      const query = `select count(*) as rows, md5(string_agg(t::text, ',' order by id)) as sum from ${table} t`
      const [ours, theirs] = await Promise.all([here.query(query), there.query(query)])
      return JSON.stringify(ours.rows) === JSON.stringify(theirs.rows) ? true : undefined
    })
  }
})

test('a row that is inserted, updated, deleted is the same in the warehouse within a second', async () => {
  await using source = await database('community-db', 'generator')
  await using warehouse = await database('warehouse', 'dashboard')
  const landed = async (what: string, id: string, isSo: (email: string | undefined) => boolean) => {
    const startedAt = performance.now()
    await eventually(what, async () => {
      const { rows } = await warehouse.query<{ email: string }>(
        'select email from "CommunityUsers" where id = $1',
        [id],
      )
      return isSo(rows[0]?.email) ? true : undefined
    })
    return performance.now() - startedAt
  }
  const took: number[] = []

  for (let round = 0; round < 5; round += 1) {
    const { rows } = await source.query<{ id: string }>(
      `insert into "CommunityUsers" (email, username, registration_timestamp)
       values ('Ann@example.org', 'ann', now()) returning id`,
    )
    const id = rows[0]?.id ?? ''
    took.push(await landed('the insert', id, email => email === 'Ann@example.org'))
    await source.query('update "CommunityUsers" set email = $1 where id = $2', ['ann@elsewhere.org', id])
    took.push(await landed('the update', id, email => email === 'ann@elsewhere.org'))
    await source.query('delete from "CommunityUsers" where id = $1', [id])
    took.push(await landed('the delete', id, email => email === undefined))
  }

  expect(Math.max(...took)).toBeLessThan(1_000)
})

test('the views agree with what the sources say', async () => {
  const [sites] = await stack.sql<{ total: string }>(
    'warehouse',
    'select max(sites_total) as total from weekly_registrations',
  )
  const [rows] = await stack.sql<{ total: string }>('warehouse', 'select count(*) as total from "SitesUsers"')
  const [admins] = await stack.sql<{ total: string; sum: string }>(
    'warehouse',
    'select max(admins_total) as total, sum(new_admins)::bigint as sum from admin_overlap',
  )

  expect(Math.abs(Number(sites?.total) - Number(rows?.total))).toBeLessThan(10)
  expect(admins?.total).toBe(admins?.sum)
  expect(Number(admins?.total)).toBeGreaterThan(history * 0.1)
})

test('the heartbeat of both sources lands, so that freshness can be seen', async () => {
  await eventually('two fresh beats', async () => {
    const beats = await stack.sql(
      'warehouse',
      "select 1 from tributary.heartbeat where beat_at > now() - interval '5 s'",
    )
    return beats.length === 2 ? true : undefined
  })
})

test('doctor finds nothing wrong with the shipped set-up, its values included', async () => {
  const { code, stdout } = await stack.trib(['doctor', '--deep', '-o', 'json'])
  const declared = await stack.trib(['doctor', '-f', 'connectors/moodle', '-o', 'json'])

  expect([code, JSON.parse(stdout)]).toEqual([0, []])
  expect([declared.code, JSON.parse(declared.stdout)]).toEqual([0, []])
})

test('doctor sees a topic that keeps rows for an hour only, and its command mends it', async () => {
  const statuses = await stack.json<Status[]>(['status'])
  const brokers = statuses.filter(one => one.service.startsWith('kafka')).map(one => `127.0.0.1:${one.port}`)
  const plan = { topic: 'sites-db.public.SitesUsers', partitions: 1, replicationFactor: 3 }
  await createTopics(brokers, [{ ...plan, config: { 'retention.ms': '3600000' } }])

  const { code, stdout } = await stack.trib(['doctor', '-o', 'json'])
  const [finding] = JSON.parse(stdout)
  const [, key = '', value = ''] = /--add-config (\S+)=(\S+)$/.exec(finding.fix) ?? []
  await createTopics(brokers, [{ ...plan, config: { [key]: value } }])

  expect(code).toBe(5)
  expect(finding).toMatchObject({ check: 'topic-settings', object: 'topic sites-db.public.SitesUsers' })
  expect(await stack.json(['doctor'])).toEqual([])
})

test('doctor names a variable that the workers do not have', async () => {
  const file = join(stack.folder, 'misspelt.json')
  const shipped = JSON.parse(readFileSync(join(root, 'connectors/moodle/warehouse-sink.json'), 'utf8'))
  const misspelt = {
    'connection.password': '${env:WAREHOUSE_SINK_PASSWROD}',
    'connection.username': '${env:NOBODY}',
  }
  writeFileSync(file, JSON.stringify({ ...shipped, ...misspelt }))

  const { code, stdout } = await stack.trib(['doctor', '-f', file, '-o', 'json'])

  const found = (JSON.parse(stdout) as { check: string; message: string }[]).filter(
    ({ check }) => check === 'env-resolves',
  )
  expect(code).toBe(6)
  expect(found.map(({ message }) => message.split(',')[0])).toEqual([
    'connection.username holds ${env:NOBODY}',
    'connection.password holds ${env:WAREHOUSE_SINK_PASSWROD}',
  ])
})

test('topics are made though brokers hear of them one after the other', async () => {
  const [status] = await stack.json<Status[]>(['status'])
  const brokers = [`${status?.host}:${status?.port}`]
  const names = Array.from({ length: 20 }, (_, index) => `made-${index}`)
  const admin = new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()

  for (const topic of names) {
    const made = await createTopics(brokers, [{ topic, partitions: 6, replicationFactor: 3, config: {} }])
    expect(made).toEqual([topic])
  }

  await admin.deleteTopics({ topics: names })
  await admin.disconnect()
})

test('up again changes nothing and says so within five seconds', async () => {
  const again = await stack.trib(['up'])

  expect(again.code).toBe(0)
  expect(again.stderr).toContain('everything was running already; nothing changed')
  expect(again.seconds).toBeLessThan(5)
})

test('up refuses while another up is at work', async () => {
  using _lock = lockStack(openStack(root, stack.name), 'up')

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(1)
  expect(stderr).toContain(`STACK_BUSY: another 'up' (process ${process.pid}`)
  expect(stderr).toContain(`kill -INT ${process.pid}`)
})

test('status names every service, healthy, without a password', async () => {
  const { stdout } = await stack.trib(['status', '-o', 'json'])
  const status: Status[] = JSON.parse(stdout)

  expect(status.map(({ service }) => service)).toEqual([
    ...['kafka-1', 'kafka-2', 'kafka-3', 'connect', 'community-db', 'sites-db', 'warehouse'],
    ...['community-generator', 'sites-generator', 'console'],
  ])
  expect(new Set(status.map(({ state }) => state))).toEqual(new Set(['healthy']))
  expect(new Set(status.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']))
  for (const secret of await secrets()) expect(stdout).not.toContain(secret)
})

test('sql prints rows as JSON with int8 and numeric as strings and times in UTC, or a row count', async () => {
  const rows = await stack.sql(
    'warehouse',
    `select 1::bigint as big, 1.50::numeric as exact, date '2026-01-05' as day,
            timestamptz '2026-01-05 01:00:00.123456+01' as moment, null as nothing`,
  )
  expect(rows).toEqual([
    { big: '1', exact: '1.50', day: '2026-01-05', moment: '2026-01-05T00:00:00.123456Z', nothing: null },
  ])
  expect(
    await stack.json(['sql', 'warehouse', 'create temp table t(i int); insert into t values (1), (2)']),
  ).toEqual({
    rowCount: 2,
  })
})

test('sql tells what the database says, and refuses a service that is none', async () => {
  const wrong = await stack.trib(['sql', 'warehouse', 'select nothing'])
  expect(wrong).toMatchObject({ code: 1, stdout: '' })
  expect(wrong.stderr).toContain('column "nothing" does not exist')

  const none = await stack.trib(['sql', 'connect', 'select 1'])
  expect(none.code).toBe(2)
  expect(none.stderr).toBe(
    'USAGE: connect is no database\n  → databases: community-db, sites-db, warehouse\n',
  )
})

test('an unknown service is refused with the nearest name', async () => {
  const { code, stderr } = await stack.trib(['logs', 'warehose'])

  expect(code).toBe(2)
  expect(stderr).toContain("USAGE: there is no service 'warehose'; did you mean 'warehouse'?")
})

test('logs prints the end of a log', async () => {
  const { code, stdout } = await stack.trib(['logs', 'connect', '--tail', '3'])

  expect(code).toBe(0)
  expect(stdout.trimEnd().split('\n')).toHaveLength(3)
})

onLoopbackOnly(() => stack)
closedDoor(() => stack)

test('up mends a connector that somebody broke, and does not stumble over its old failure', async () => {
  const status = await stack.json<Status[]>(['status'])
  const url = `http://127.0.0.1:${status.find(({ service }) => service === 'connect')?.port}/connectors/warehouse-sink`
  const config = (await fetch(`${url}/config`).then(answer => answer.json())) as Record<string, string>
  await fetch(`${url}/config`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...config, 'connection.username': 'nobody-by-this-name' }),
  })
  await eventually(
    'the sink to fail',
    async () =>
      (await fetch(`${url}/status`).then(answer => answer.text())).includes('FAILED') ? true : undefined,
    { deadlineMs: 60_000, intervalMs: 200 },
  )

  const mended = await stack.trib(['up'])

  expect(mended.code, mended.stderr).toBe(0)
  expect(mended.stderr).toContain('connectors applied: warehouse-sink')
})

test('^C ends what this up started, and nothing else; the next up goes on', async () => {
  const before = await stack.json<Status[]>(['status'])
  const worker = JSON.parse(readFileSync(`${stack.folder}/services/connect/process.json`, 'utf8'))
  process.kill(worker.pid, 'SIGKILL')

  let isInterrupted = false
  const interrupted = await stack.trib(['up'], {
    onErr: (stderr, child) => {
      if (isInterrupted || !/… connect .*\n/.test(stderr)) return
      isInterrupted = true
      child.kill('SIGINT')
    },
  })

  expect(interrupted.code).toBe(130)
  const after = await stack.json<Status[]>(['status'])
  expect(after.find(({ service }) => service === 'connect')?.state).toBe('stopped')
  expect(after.filter(({ state }) => state === 'healthy')).toHaveLength(before.length - 1)
  const again = await stack.trib(['up'])
  expect(again.stderr).toContain('up in ')
  expect(again.code).toBe(0)
})

test('the generators survive a kill of their database', async () => {
  const { pid } = JSON.parse(readFileSync(`${stack.folder}/services/sites-db/process.json`, 'utf8'))
  process.kill(pid, 'SIGKILL')
  const { code, stderr } = await stack.trib(['up'])
  expect(stderr).toContain('✓ sites-db ')
  expect(code).toBe(0)

  const [{ live_rows: before } = { live_rows: '' }] = await stack.sql<{ live_rows: string }>(
    'sites-db',
    'select live_rows from tributary.generated',
  )
  await eventually(
    'more live rows',
    async () => {
      const [row] = await stack.sql<{ live_rows: string }>(
        'sites-db',
        'select live_rows from tributary.generated',
      )
      return Number(row?.live_rows) > Number(before) ? true : undefined
    },
    { deadlineMs: 30_000 },
  )
})

test('two minutes after up the whole native stack holds at most 2.0 GB', async () => {
  const pids = readdirSync(`${stack.folder}/services`).map(
    service =>
      JSON.parse(readFileSync(`${stack.folder}/services/${service}/process.json`, 'utf8')).pid as number,
  )
  await eventually(
    'two minutes to pass',
    async () => (performance.now() - upAt > 120_000 ? true : undefined),
    {
      deadlineMs: 125_000,
      intervalMs: 500,
    },
  )

  expect(pids).toHaveLength(10)
  const megabytes = pssMegabytes(pids)
  process.stdout.write(`memory of the native stack: ${megabytes.toFixed(0)} MB\n`)
  expect(megabytes).toBeLessThan(2_048)
})

test('values of the types that everybody has arrive exactly, by snapshot and by change', async () => {
  await using flow = await openTypedFlow(stack)
  const cases = acceptedCases.filter(({ isCore }) => isCore)

  const arrived = await arrive(stack, flow, { cases, odd: oddTables.filter(({ isCore }) => isCore) })

  expect([...arrived.values()].filter(one => one.snapshot !== 'exact' || one.change !== 'exact')).toEqual([])
  const removed = await stack.trib(['delete', typesSource, typesSink, '--yes'])
  expect(removed.code, removed.stderr).toBe(0)
})

test('a second worker shares the tasks, and is ended with the rest', async () => {
  const both = await stack.trib(['up', '--profile', 'two-workers'])
  expect(both.code, both.stderr).toBe(0)

  const status = await stack.json<Status[]>(['status'])
  const second = status.find(({ service }) => service === 'connect-2')
  expect(second?.state).toBe('healthy')
  expect(await untilWorkersShare(second?.port ?? 0)).toHaveLength(3)
})

test('down keeps the data; down --volumes leaves no process, port or file', async () => {
  const status = await stack.json<Status[]>(['status'])
  const pids = readdirSync(`${stack.folder}/services`).map(
    service =>
      JSON.parse(readFileSync(`${stack.folder}/services/${service}/process.json`, 'utf8')).pid as number,
  )

  const down = await stack.trib(['down'])
  expect(down.stderr).toContain('11 services ended; data kept')
  expect(existsSync(`${stack.folder}/data/warehouse/PG_VERSION`)).toBe(true)
  const gone = await stack.trib(['down', '--volumes'])

  expect(gone.code).toBe(0)
  expect(existsSync(stack.folder)).toBe(false)
  expect(pids.filter(pid => existsSync(`/proc/${pid}`) && !isZombie(pid))).toEqual([])
  for (const { port } of status) expect(await isPortFree(port)).toBe(true)
})

function isZombie(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
}

async function secrets(): Promise<readonly string[]> {
  const text = readFileSync(`${stack.folder}/.env`, 'utf8')
  return [...text.matchAll(/_PASSWORD=(\S+)/g)].map(([, secret]) => secret ?? '')
}
