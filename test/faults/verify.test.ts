import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { runTribHere } from '../support/run-trib-here.ts'
import { createTestStack, eventually, root, type TestStack } from '../support/trib.ts'

let stack: TestStack
let generator: ChildProcess | undefined

const history = 5_000
const million = { first: 10_000_001, last: 11_000_000 }

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: String(history), GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  await loadMillion()
  generator = await startGenerator()
})

afterAll(async () => {
  if (generator) {
    const ended = once(generator, 'exit')
    generator.kill('SIGTERM')
    await ended
  }
  await stack?.[Symbol.asyncDispose]()
})

/** On both sides at once: through the pipeline they would take two minutes, and what is tested is the comparison. */
async function loadMillion(): Promise<void> {
  const rows = `insert into "CommunityUsers" select n, 'user' || n || '@example.org', 'user ' || n,
    timestamptz '2026-01-05' - n * interval '1 s' from generate_series(${million.first}, ${million.last}) n`
  // What is written while a table is not published is not sent.
  await stack.sql('community-db', 'alter publication tributary_community drop table "CommunityUsers"')
  await stack.sql('community-db', rows)
  await stack.sql('community-db', 'alter publication tributary_community add table "CommunityUsers"')
  await stack.sql('warehouse', rows)
  for (const service of ['community-db', 'warehouse']) {
    await stack.sql(service, 'vacuum analyze "CommunityUsers"')
  }
}

/** 200 rows a second into the community, 70 % inserts, 20 % updates, 10 % deletes, until the tests end. */
async function startGenerator(): Promise<ChildProcess> {
  const options = ['--source', 'community-db', '--history', '0', '--rate', '200', '--interval', '250']
  const args = ['generate', 'moodle', ...options, '--seed', '7', '--stack', stack.name]
  const child = spawn(process.execPath, [join(root, 'control', 'trib.mjs'), ...args], {
    cwd: root,
    stdio: 'ignore',
  })
  await eventually(
    'the generator to write',
    async () => {
      const [row] = await stack.sql<{ written: boolean }>(
        'community-db',
        `select count(*) > 100 as written from "CommunityUsers" where id > ${history} and id < ${million.first}`,
      )
      return row?.written ? true : undefined
    },
    { deadlineMs: 60_000, intervalMs: 500 },
  )
  return child
}

/** Says at its end how much memory the process held at most. */
const tellMemory = `--import=data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => process.stderr.write('most memory: ' + process.resourceUsage().maxRSS + ' kB\\n'))`,
)}`

interface Report {
  readonly equal: boolean
  readonly tables: readonly {
    readonly table: string
    readonly rows: number
    readonly missing: readonly string[]
    readonly extra: readonly string[]
    readonly different: readonly string[]
    readonly unsettled: readonly string[]
    readonly repaired: number
    readonly error?: string
    readonly hint?: string
  }[]
}

async function verify(...args: readonly string[]) {
  const { code, stdout, stderr, seconds } = await stack.trib(['verify', ...args, '-o', 'json'])
  const report: Report | undefined = stdout ? JSON.parse(stdout) : undefined
  return { code, stderr, seconds, report, table: report?.tables[0] }
}

/** Ids from all over the million; the generator changes and deletes only rows of its own run. */
const ids = (count: number, offset: number) =>
  Array.from({ length: count }, (_, n) => String(million.first + offset + n * 49_999))

const sorted = (keys: readonly string[] = []) => [...keys].sort()

test('100 comparisons of 1,000,000 rows under 200 rows a second call nothing wrong that is on its way', async () => {
  const startedAt = performance.now()
  const before = await changesOf('CommunityUsers')
  for (let run = 0; run < 100; run += 1) {
    const { code, stdout, stderr } = await runTribHere(['verify', '--stack', stack.name, '-o', 'json'])
    const report: Report | undefined = stdout ? JSON.parse(stdout) : undefined

    const tables = report?.tables.map(({ table }) => table).sort()
    expect({ run, code, stderr, stdout: code === 0 ? '' : stdout, tables }).toEqual({
      ...{ run, code: 0, stderr: '', stdout: '' },
      tables: ['public.CommunityUsers', 'public.SitesUsers'],
    })
    expect(report?.tables[0]?.rows).toBeGreaterThan(1_000_000)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const rate = ((await changesOf('CommunityUsers')) - before) / seconds
  process.stdout.write(
    `100 comparisons of 1,000,000 rows under ${rate.toFixed(0)} rows/s: ${(seconds / 100).toFixed(2)} s each\n`,
  )
  expect(generator?.exitCode).toBeNull()
})

/** Rows that were inserted, updated or deleted at the source since the server counts. */
async function changesOf(table: string): Promise<number> {
  const [row] = await stack.sql<{ changes: string }>(
    'community-db',
    `select sum(n_tup_ins + n_tup_upd + n_tup_del) as changes from pg_stat_user_tables where relname = '${table}'`,
  )
  return Number(row?.changes)
}

test('a comparison of 1,000,000 rows keeps trib below 200 MB', async () => {
  const { code, stderr } = await stack.trib(['verify', '-o', 'name'], { env: { NODE_OPTIONS: tellMemory } })

  const megabytes = Number(/most memory: (\d+) kB/.exec(stderr)?.[1]) / 1024
  process.stdout.write(`trib verify of 1,000,000 rows: ${megabytes.toFixed(0)} MB\n`)
  expect(code).toBe(0)
  expect(megabytes).toBeLessThan(200)
})

test('20 missing, 10 extra and 20 different rows are named exactly, and --repair leaves none', async () => {
  const [missing, different] = [ids(20, 7), ids(20, 25_000)]
  const extra = Array.from({ length: 10 }, (_, n) => String(-n - 1))
  await stack.sql('warehouse', `delete from "CommunityUsers" where id in (${missing})`)
  await stack.sql('warehouse', `update "CommunityUsers" set username = '' where id in (${different})`)
  await stack.sql(
    'warehouse',
    `insert into "CommunityUsers" select -n, 'x', 'y', now() from generate_series(1, 10) n`,
  )

  const found = await verify('--table', 'CommunityUsers')

  expect(found.code).toBe(4)
  expect(found.seconds).toBeLessThan(30)
  expect(sorted(found.table?.missing)).toEqual(sorted(missing))
  expect(sorted(found.table?.extra)).toEqual(sorted(extra))
  expect(sorted(found.table?.different)).toEqual(sorted(different))

  const refused = await stack.trib(['verify', '--table', 'CommunityUsers', '--repair'])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('CONFIRMATION_NEEDED: community-source reads ')
  const repaired = await verify('--table', 'CommunityUsers', '--repair', '--yes')

  expect(repaired).toMatchObject({ code: 0, report: { equal: true } })
  expect(repaired.table?.repaired).toBe(50)
  expect(await verify()).toMatchObject({ code: 0, report: { equal: true } })
})

test('while the sink is paused nobody can say: the sentence names it, and the command helps', async () => {
  await stack.trib(['pause', 'warehouse-sink'])
  onTestFinished(async () => {
    await stack.trib(['resume', 'warehouse-sink'])
  })

  const { code, report, table, seconds } = await verify('--table', 'CommunityUsers')

  expect({ code, equal: report?.equal, missing: table?.missing }).toEqual({
    code: 1,
    equal: false,
    missing: [],
  })
  expect(table?.error).toBe(
    'warehouse-sink is PAUSED, so that changes do not arrive, and nobody can say whether the rows are on their way',
  )
  expect(table?.hint).toBe('npx trib resume warehouse-sink')
  expect(seconds).toBeLessThan(30)
  await stack.trib(['resume', 'warehouse-sink'])
  expect(await verify('--table', 'CommunityUsers')).toMatchObject({ code: 0, report: { equal: true } })
})
