import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { askHealth, untilSeen, untilWell } from './ask-health.ts'
import { isAlive, recordOf } from './processes.ts'
import { untilTablesEqual } from './tables.ts'

let stack: TestStack

/** What an older copy lacks is told by beats that are compared, and they come once in a while. */
const patience = { deadlineMs: 90_000 }

beforeAll(async () => {
  stack = createTestStack({
    GENERATOR_HISTORY: '1000',
    GENERATOR_RATE: '20',
    GENERATOR_INTERVAL_MS: '250',
  })
  await up()
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

async function up() {
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  return stderr
}

/** A fast shutdown, as an administrator does it. */
async function stop(service: string): Promise<void> {
  const { pid } = recordOf(stack.folder, service)
  process.kill(pid, 'SIGINT')
  await eventually(`${service} to end`, async () => (isAlive(pid) ? undefined : true))
}

const dataOf = (service: string) => join(stack.folder, 'data', service)
const copyOf = (service: string) => join(stack.folder, `${service}.copy`)

/** With owners and modes, as a backup tool would; the server does not run meanwhile. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

async function backUp(service: string): Promise<void> {
  await stop(service)
  copy(dataOf(service), copyOf(service))
  await up()
}

/** Gives what `up` said when the older copy came up. */
async function restore(service: string): Promise<string> {
  await stop(service)
  copy(copyOf(service), dataOf(service))
  return up()
}

/** So much is written meanwhile that both logs have entries which the copy lacks. */
async function untilLogged(entries: number): Promise<void> {
  const count = async () =>
    Number(
      (
        await stack.sql<{ n: string }>('warehouse', 'select count(*) as n from tributary.community_beat_log')
      )[0]?.n,
    )
  const before = await count()
  await eventually(
    `${entries} further entries of the log`,
    async () => ((await count()) >= before + entries ? true : undefined),
    { deadlineMs: 90_000, intervalMs: 1_000 },
  )
}

interface Report {
  readonly explanations: readonly string[]
  readonly tables: readonly { readonly table: string; readonly missing: readonly unknown[] }[]
}

async function verify(...args: readonly string[]) {
  const { code, stdout } = await stack.trib(['verify', ...args, '-o', 'json'])
  return { code, report: JSON.parse(stdout) as Report }
}

/** A line of `trib` commands as `health` prints it, each run; a person would agree where it asks. */
async function paste(line: string | null): Promise<void> {
  for (const command of (line ?? '').split(' && ')) {
    const args = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
    const asked = args[2] === 'verify' ? ['--yes'] : []
    const { code, stderr } = await stack.trib([...args.slice(2), ...asked])
    if (code !== 0) throw new Error(`'${command}' ended with ${code}: ${stderr}`)
  }
}

test('a warehouse restored from an older copy is seen by up, health and verify, explained, and mended', async () => {
  await backUp('warehouse')
  await untilLogged(4)

  const said = await restore('warehouse')

  expect(said).toMatch(
    /warning: \d+ rows of "CommunityUsers" went through the sink and are not in the warehouse/,
  )
  expect(said).toContain(`→ npx trib verify --stack ${stack.name} --repair`)
  const community = await untilSeen(stack, 'community-source', 'changes-lost', patience)
  const sites = await untilSeen(stack, 'sites-source', 'changes-lost', patience)
  expect(community.cause).toMatch(
    /^what community-source read between .* UTC is not in the warehouse: that was restored from an older copy, or/,
  )
  const found = await verify()
  expect(found.code).toBe(4)
  expect(found.report.explanations).toHaveLength(2)
  expect(found.report.tables.find(({ table }) => table === 'public.SitesUsers')?.missing).not.toEqual([])

  await paste(community.command)
  await paste(sites.command)

  expect(await verify()).toMatchObject({ code: 0, report: { explanations: [] } })
  await untilTablesEqual(stack)
  await untilWell(stack, { deadlineMs: 60_000 })
})

test('a source restored from an older copy is told from a warehouse that was; the warehouse follows it', async () => {
  await backUp('community-db')
  await untilLogged(4)

  await restore('community-db')

  const seen = await untilSeen(stack, 'community-source', 'source-restored', patience)
  expect(seen.cause).toMatch(
    /^what community-db had between .* UTC is in the warehouse, and not there any more: it was restored from an older copy, or its deletes were not read$/,
  )
  expect((await askHealth(stack)).pipelines.find(({ name }) => name === 'sites-source')?.rule).toBeNull()
  const found = await verify('community-source')
  expect(found.code).toBe(4)
  expect(found.report.explanations).toEqual([expect.stringMatching(/^what community-db had between /)])

  await paste(seen.command)

  expect(await verify()).toMatchObject({ code: 0 })
  await untilTablesEqual(stack)
  await untilWell(stack, { deadlineMs: 60_000 })
})
