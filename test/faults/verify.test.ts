import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createTestStack, eventually, root, type TestStack } from '../support/trib.ts'

let stack: TestStack
let generator: ChildProcess | undefined

const history = 5_000

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: String(history), GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
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
        'select max(id) > 5100 as written from "CommunityUsers"',
      )
      return row?.written ? true : undefined
    },
    { deadlineMs: 60_000, intervalMs: 500 },
  )
  return child
}

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

/** The first ids of the history that both sides have. */
const ids = async (count: number) =>
  (
    await stack.sql<{ id: string }>('warehouse', `select id from "CommunityUsers" order by id limit ${count}`)
  ).map(({ id }) => id)

const sorted = (keys: readonly string[] = []) => [...keys].sort()

test('under 200 rows a second nothing is called wrong that is only on its way', async () => {
  for (let run = 0; run < 4; run += 1) {
    const { code, stderr, report } = await verify()

    expect({ code, stderr, equal: report?.equal, run }).toEqual({ code: 0, stderr: '', equal: true, run })
    expect(report?.tables.map(({ table }) => table).sort()).toEqual([
      'public.CommunityUsers',
      'public.SitesUsers',
    ])
  }
})

test('20 missing, 10 extra and 20 different rows are named exactly, and --repair leaves none', async () => {
  const chosen = await ids(40)
  const [missing, different] = [chosen.slice(0, 20), chosen.slice(20)]
  const extra = Array.from({ length: 10 }, (_, n) => String(-n - 1))
  await stack.sql('warehouse', `delete from "CommunityUsers" where id in (${missing})`)
  await stack.sql('warehouse', `update "CommunityUsers" set username = '' where id in (${different})`)
  await stack.sql(
    'warehouse',
    `insert into "CommunityUsers" select -n, 'x', 'y', now() from generate_series(1, 10) n`,
  )

  // The generator changes and deletes only rows of its own run: nobody else touches these.
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
