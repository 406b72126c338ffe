import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { unprivilegedUser } from '../../control/engines/native/unprivileged-user.ts'
import { isPortFree } from '../../control/system/ports.ts'
import { version } from '../../control/version.ts'
import { createTestStack, eventually, root, type TestStack } from '../support/trib.ts'
import { allHealthy, changesIn, filesOf, knownOf, type Status, statesOf } from './observed.ts'
import {
  isAlive,
  killAll,
  pidsOf,
  processesIn,
  recordOf,
  recordPid,
  startStranger,
  withChildren,
} from './processes.ts'
import { programsFolder } from './programs-folder.ts'
import { flows, insertEverywhere, landedWith, openAs, untilTablesEqual } from './tables.ts'

/** One stack for all of these: each fault leaves it whole again for the next. */
let stack: TestStack
/** Beside the first; brought up only for the last tests. */
let second: TestStack

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '2000' })
  second = createTestStack({ GENERATOR_HISTORY: '200' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  await second?.[Symbol.asyncDispose]()
})

const pidOf = (service: string) => recordOf(stack.folder, service).pid

test('kill -9 of every process: up goes on with every row, those committed just before included', async () => {
  const pids = withChildren(Object.values(pidsOf(stack.folder)))
  const email = await insertEverywhere(stack)
  await killAll(pids)

  const { code, stderr } = await stack.trib(['up'])

  expect(stderr).toContain('up in ')
  expect(code).toBe(0)
  expect(await statesOf(stack)).toEqual(allHealthy)
  await untilTablesEqual(stack)
  expect(await landedWith(stack, email)).toEqual(flows.map(({ table }) => table))
})

test('a process.json of a process that is gone does not keep up from starting the service', async () => {
  const pid = pidOf('community-generator')
  await killAll([pid])

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(0)
  expect(changesIn(stderr)).toEqual(['community-generator started'])
  expect(pidOf('community-generator')).not.toBe(pid)
})

test('a process.json whose pid is a stranger by now: up starts the service and leaves the stranger alone', async () => {
  await using stranger = await startStranger()
  await killAll([pidOf('sites-generator')])
  recordPid(stack.folder, 'sites-generator', stranger.pid)

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(0)
  expect(changesIn(stderr)).toEqual(['sites-generator started'])
  expect(isAlive(stranger.pid)).toBe(true)
})

test('a postmaster.pid whose pid is a stranger by now does not keep up from starting the database', async () => {
  // Of the same user: Postgres takes a lock over by itself where it may not even signal the pid in it.
  await using stranger = await startStranger(unprivilegedUser())
  await killAll(withChildren([pidOf('sites-db')]))
  const lock = join(stack.folder, 'data', 'sites-db', 'postmaster.pid')
  const [, ...rest] = readFileSync(lock, 'utf8').split('\n')
  writeFileSync(lock, [stranger.pid, ...rest].join('\n'))

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(0)
  expect(changesIn(stderr)).toContain('sites-db started')
  expect(isAlive(stranger.pid)).toBe(true)
  await untilTablesEqual(stack)
})

test('a service whose pid cannot be written down does not run on unknown to everybody; what runs is told', async () => {
  const folder = join(stack.folder, 'services', 'sites-generator')
  const obstacle = join(folder, 'process.json.new')
  await killAll(withChildren(['sites-generator', 'sites-db'].map(pidOf)))
  // A folder in the file's place refuses the write as a full disk would.
  mkdirSync(obstacle)
  onTestFinished(() => rmSync(obstacle, { recursive: true, force: true }))

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(1)
  expect(stderr.slice(stderr.indexOf('SERVICE_FAILED'))).toBe(
    `SERVICE_FAILED: sites-generator was ended again, because its pid could not be written down: EISDIR: illegal operation on a directory, open '${obstacle}'\n` +
      `  → still running: sites-db; end them with: npm run down -- --stack ${stack.name}\n`,
  )
  await eventually('nobody to be left in its folder', async () =>
    processesIn(folder).length === 0 ? true : undefined,
  )
  rmSync(obstacle, { recursive: true })
  expect(changesIn((await stack.trib(['up'])).stderr)).toContain('sites-generator started')
})

test('a broker that hangs is told by status at once; up waits for it, and is fine when it goes on', async () => {
  const pid = pidOf('kafka-2')
  const before = pidsOf(stack.folder)
  const goOn = () => void process.kill(pid, 'SIGCONT')
  let whileHanging = ''
  onTestFinished(goOn)
  process.kill(pid, 'SIGSTOP')

  const status = await stack.trib(['status', '-o', 'json'])
  const up = await stack.trib(['up'], {
    onErr: stderr => {
      if (whileHanging !== '' || !stderr.includes('✓ kafka-1 ') || !stderr.includes('✓ kafka-3 ')) return
      whileHanging = stderr
      goOn()
    },
  })

  expect(status.seconds).toBeLessThan(10)
  const { state, detail } = JSON.parse(status.stdout).find(({ service }: Status) => service === 'kafka-2')
  expect(['starting', 'unhealthy']).toContain(state)
  expect(detail).toBe(`process ${pid} is suspended; it goes on with: kill -CONT ${pid}`)
  expect(whileHanging).not.toContain('✓ kafka-2 ')
  expect(up.stderr).toContain('everything was running already; nothing changed')
  expect(up.code).toBe(0)
  expect(pidsOf(stack.folder)).toEqual(before)
  expect(await statesOf(stack)).toEqual(allHealthy)
})

test('without its .env the stack is left as it is, and the file put back mends it', async () => {
  const [envFile, elsewhere] = [join(stack.folder, '.env'), join(stack.folder, 'away')]
  const before = knownOf(stack)
  renameSync(envFile, elsewhere)
  onTestFinished(() => {
    if (existsSync(elsewhere)) renameSync(elsewhere, envFile)
  })
  const known = knownOf(stack)

  const { code, stdout, stderr } = await stack.trib(['up'])

  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr:
      `SETTINGS_LOST: the stack '${stack.name}' has data, but the passwords it was made with are gone: ${envFile} does not hold them\n` +
      `  → put that file back; or begin anew, without the data: npm run down -- --stack ${stack.name} --volumes && npm run up -- --stack ${stack.name}\n`,
  })
  expect(knownOf(stack)).toEqual(known)
  expect((await stack.trib(['status'])).stderr).toMatch(/^SETTINGS_LOST: /)
  renameSync(elsewhere, envFile)
  expect((await stack.trib(['up'])).stderr).toContain('everything was running already; nothing changed')
  expect(knownOf(stack)).toEqual(before)
})

test('the other engine is refused over existing data, without asking it, and nothing changes', async () => {
  const before = knownOf(stack)

  const { code, stdout, stderr } = await stack.trib(['up', '--engine', 'docker'], {
    env: { PATH: '/nowhere' },
  })

  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr:
      "ENGINE_MISMATCH: this stack's data is in the native engine; with --engine docker it would begin with nothing\n" +
      `  → go on with it: npm run up -- --stack ${stack.name}; beside it: npm run up -- --stack docker --engine docker; without it: npm run down -- --stack ${stack.name} --volumes\n`,
  })
  expect(knownOf(stack)).toEqual(before)
  expect(await statesOf(stack)).toEqual(allHealthy)
})

test("an older version's data gets the migrations it lacks, keeps its rows, and is recorded as this version's", async () => {
  const recordFile = join(stack.folder, 'stack.json')
  const recorded = JSON.parse(readFileSync(recordFile, 'utf8'))
  writeFileSync(recordFile, JSON.stringify({ ...recorded, version: '0.0.9' }))
  await using warehouse = await openAs(stack, 'warehouse', 'postgres')
  const migrations = async () =>
    (await warehouse.query('select name from tributary.migrations order by name')).rows.map(
      ({ name }) => name,
    )
  const all = await migrations()
  // That version had neither the view, nor who reads it, nor what lets one sink in at a time.
  await warehouse.query("drop view admin_overlap; delete from tributary.migrations where name >= '07'")

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(0)
  const lacked = all.filter(name => name >= '07')
  expect(changesIn(stderr)).toEqual([`warehouse: ${lacked.length} migrations applied`])
  expect(await migrations()).toEqual(all)
  expect(readdirSync(join(root, 'sql', 'moodle', 'warehouse'))).toEqual(all)
  expect(JSON.parse(readFileSync(recordFile, 'utf8'))).toEqual({ ...recorded, version })
  await using dashboard = await openAs(stack, 'warehouse', 'dashboard')
  const { rows } = await dashboard.query<{ total: string }>(
    'select max(admins_total) as total from admin_overlap',
  )
  expect(Number(rows[0]?.total)).toBeGreaterThan(200)
})

test('a connector whose task failed is restarted by up, and nothing is lost meanwhile', async () => {
  const port = (await stack.json<Status[]>(['status'])).find(({ service }) => service === 'connect')?.port
  await stack.sql('warehouse', 'revoke insert on "CommunityUsers" from sink')
  const email = await insertEverywhere(stack)
  await eventually(
    'the task of the sink to fail',
    async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/connectors/warehouse-sink/tasks/0/status`)
      return (await answer.text()).includes('"FAILED"') ? true : undefined
    },
    { deadlineMs: 60_000 },
  )
  await stack.sql('warehouse', 'grant insert on "CommunityUsers" to sink')

  const { code, stderr } = await stack.trib(['up'])

  expect(changesIn(stderr)).toEqual(['connectors applied: warehouse-sink'])
  expect(code).toBe(0)
  await untilTablesEqual(stack)
  expect(await landedWith(stack, email)).toEqual(flows.map(({ table }) => table))
})

test('data of another Postgres is refused in one sentence and left untouched', async () => {
  const data = join(stack.folder, 'data', 'warehouse')
  await killAll(withChildren([pidOf('warehouse')]))
  writeFileSync(join(data, 'PG_VERSION'), '16\n')
  const mend = () => writeFileSync(join(data, 'PG_VERSION'), '17\n')
  onTestFinished(mend)
  const before = filesOf(data)

  const { code, stderr } = await stack.trib(['up'])

  expect(code).toBe(1)
  expect(stderr.slice(stderr.indexOf('SERVICE_FAILED'))).toBe(
    'SERVICE_FAILED: warehouse: its data is of Postgres 16, the stack runs Postgres 17\n' +
      `  → dump it with the old version, or begin anew: npm run down -- --stack ${stack.name} --volumes && npm run up -- --stack ${stack.name}\n`,
  )
  expect(filesOf(data)).toEqual(before)
  mend()
  expect((await stack.trib(['up'])).code).toBe(0)
  await untilTablesEqual(stack)
})

test('down leaves a stranger alone whose pid stands in a process.json', async () => {
  await using stranger = await startStranger()
  const pids = withChildren(Object.values(pidsOf(stack.folder)))
  await killAll([pidOf('sites-generator')])
  recordPid(stack.folder, 'sites-generator', stranger.pid)

  const { code, stderr } = await stack.trib(['down'])

  expect(code).toBe(0)
  expect(stderr).toContain(
    `9 services ended; data kept, npm run up -- --stack ${stack.name} goes on with it\n`,
  )
  expect(pids.filter(isAlive)).toEqual([])
  expect(isAlive(stranger.pid)).toBe(true)
})

test('with warm caches up needs neither network nor npm nor Maven', async () => {
  using programs = programsFolder(['java', 'node'])
  const closed = 'http://127.0.0.1:9'
  const proxies = { HTTP_PROXY: closed, HTTPS_PROXY: closed, http_proxy: closed, https_proxy: closed }
  const noExceptions = { NO_PROXY: undefined, no_proxy: undefined }

  const { code, stderr } = await stack.trib(['up'], {
    env: { PATH: programs.path, JAVA_HOME: undefined, ...proxies, ...noExceptions },
  })

  expect(stderr).toMatch(/\nup in [\d.]+ s/)
  expect(code).toBe(0)
  await untilTablesEqual(stack)
})

test('up from a shell with another PATH restarts nothing', async () => {
  const before = pidsOf(stack.folder)

  const { stderr } = await stack.trib(['up'])

  expect(stderr).toContain('everything was running already; nothing changed')
  expect(pidsOf(stack.folder)).toEqual(before)
})

test('down --volumes of a stack leaves a second one beside it as it is', async () => {
  const { code, stderr } = await second.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  const before = knownOf(second)

  const down = await stack.trib(['down', '--volumes'])

  expect(down.stderr).toContain('10 services ended; data, logs and generated settings removed\n')
  expect(existsSync(stack.folder)).toBe(false)
  expect(await statesOf(second)).toEqual(allHealthy)
  expect(knownOf(second)).toEqual(before)
  await untilTablesEqual(second)
})

test('down --volumes ends and removes a stack whose .env is gone', async () => {
  const status = await second.json<Status[]>(['status'])
  const pids = withChildren(Object.values(pidsOf(second.folder)))
  rmSync(join(second.folder, '.env'))

  const { code, stderr } = await second.trib(['down', '--volumes'])

  expect(code).toBe(0)
  expect(stderr).toContain('10 services ended; data, logs and generated settings removed\n')
  expect(existsSync(second.folder)).toBe(false)
  expect(pids.filter(isAlive)).toEqual([])
  for (const { port } of status) expect(await isPortFree(port)).toBe(true)
})
