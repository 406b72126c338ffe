import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { version } from '../../control/version.ts'
import { type Clone, createClone } from './clone.ts'
import { pidsOf } from './processes.ts'
import { becomeBefore, becomeCurrent } from './upgrade/versions.ts'

let folder: string
let clone: Clone

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-upgrade-'))
  // Whoever runs Postgres must be able to enter it.
  chmodSync(folder, 0o755)
  clone = createClone(folder, { settings: { GENERATOR_HISTORY: '200', GENERATOR_RATE: '0' } })
})

afterAll(async () => {
  await clone?.[Symbol.asyncDispose]()
  for (const one of [folder, copy()]) rmSync(one, { recursive: true, force: true })
})

async function trib(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await clone.trib(args)
  if (code !== 0) throw new Error(`trib ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** All rows of a table, in one sum. */
async function sumOf(service: string, table: string): Promise<unknown> {
  const query = `select count(*) as rows, md5(string_agg(t::text, ',' order by id)) as sum from "${table}" t`
  return JSON.parse(await trib('sql', service, query, '-o', 'json'))
}

const sums = async (service?: string) => [
  await sumOf(service ?? 'community-db', 'CommunityUsers'),
  await sumOf(service ?? 'sites-db', 'SitesUsers'),
]

/** As README.md says: with its owners, and elsewhere. */
const copy = () => `${folder}-before`
const copyAll = (from: string, to: string) => execFileSync('cp', ['-a', from, to])
let before: unknown

test('data of the version before goes on under this one: its rows, and those that had not landed', async () => {
  becomeBefore(folder)
  await trib('up', '--engine', 'native')
  // Right before the end, so that some of it is still on its way.
  await trib(
    ...['sql', 'community-db'],
    `update "CommunityUsers" set username = username || '!' where id % 3 = 0; delete from "CommunityUsers" where id % 7 = 0;
     insert into "CommunityUsers" (email, username, registration_timestamp)
     select g || '@example.org', 'late', now() from generate_series(1, 500) g`,
  )
  before = await sums()
  await trib('down')
  copyAll(clone.stack.folder, copy())

  becomeCurrent(folder)
  const { code, stderr } = await clone.trib(['up'])

  expect(code, stderr).toBe(0)
  expect(await sums()).toEqual(before)
  expect(await trib('verify')).toMatch(/\nequal \(/)
  expect(await sums('warehouse')).toEqual(before)
  expect(stderr).toMatch(/✓ connectors .* community-source, sites-source, warehouse-sink applied\n/)
  expect(stderr.match(/✓ \S+ tables .* \d+ migrations applied\n/g)).toHaveLength(3)
})

test('afterwards nothing is left to be done: plan and doctor find nothing, and what was there before is in the history', async () => {
  // It would end with 3.
  await trib('diff', '-f', 'connectors/moodle')
  expect(JSON.parse(await trib('doctor', '-o', 'json'))).toEqual([])
  const revisions: { name: string; kind: string }[] = JSON.parse(
    await trib('history', 'warehouse-sink', '-o', 'json'),
  )
  expect(revisions.map(({ kind }) => kind)).toEqual(['configure', 'found'])
  expect((await clone.trib(['up'])).stderr).toContain('everything was running already; nothing changed')
  expect(JSON.parse(readFileSync(join(clone.stack.folder, 'stack.json'), 'utf8'))).toMatchObject({ version })
})

test('a version that is older than the data refuses in a sentence, and touches nothing', async () => {
  const record = join(clone.stack.folder, 'stack.json')
  const recorded = readFileSync(record, 'utf8')
  // With what this version does not know of a stack, too.
  const newer = JSON.stringify({ version: '99.0.0', engine: { kind: 'elsewhere' } })
  writeFileSync(record, newer)
  const pids = pidsOf(clone.stack.folder)

  const { code, stdout, stderr } = await clone.trib(['up'])

  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(
    `DATA_NEWER: the stack '${clone.stack.name}' was brought up by Tributary 99.0.0, and this is ${version}, which does not know what that one changed; nothing was touched\n  → go on with Tributary 99.0.0`,
  )
  expect(readFileSync(record, 'utf8')).toBe(newer)
  expect(pidsOf(clone.stack.folder)).toEqual(pids)
  writeFileSync(record, recorded)
})

test('the copy of before goes on under the version before', async () => {
  await trib('down')
  rmSync(clone.stack.folder, { recursive: true })
  copyAll(copy(), clone.stack.folder)

  becomeBefore(folder)
  const { code, stderr } = await clone.trib(['up'])

  expect(code, stderr).toBe(0)
  expect(await sums()).toEqual(before)
  expect(await sums('warehouse')).toEqual(before)
})
