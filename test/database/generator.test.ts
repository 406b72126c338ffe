import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { TribError } from '../../control/errors/trib-error.ts'
import { type Log, silentLog } from '../../control/output/log.ts'
import { waitFor } from '../../control/system/retry.ts'
import { communityUser } from '../../generators/moodle/community-user.ts'
import { generateMoodle } from '../../generators/moodle/generate-moodle.ts'
import { parseGenerateOptions } from '../../generators/moodle/generate-options.ts'
import { freePort, startPostgres, type TestPostgres } from '../support/postgres.ts'
import { migrateMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres({ databases: ['community', 'sites'] })
  await using community = await postgres.open('community')
  await migrateMoodle(community, 'community-db')
  await using sites = await postgres.open('sites')
  await migrateMoodle(sites, 'sites-db')
})
afterAll(() => postgres[Symbol.asyncDispose]())

type Words = Parameters<typeof parseGenerateOptions>[0]

const end = '2026-01-01T00:00:00Z'
const historyOnly = { history: '3000', historyEnd: end, rate: '0' }
const community = { ...historyOnly, source: 'community-db' }

let copies = 0
/** A database with the tables of one source, for one test. */
async function freshDatabase(template: 'community' | 'sites' | 'template1' = 'community'): Promise<string> {
  await using database = await postgres.open()
  const name = `${template}_${++copies}`
  await database.query(`create database ${name} template ${template}`)
  return name
}

interface RunOptions {
  readonly databases: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly log?: Log
}

function generate(words: Words, options: RunOptions): Promise<void> {
  const { databases, signal = AbortSignal.timeout(20_000), log = silentLog } = options
  return generateMoodle(parseGenerateOptions(words), {
    connect: (source, { signal }) => postgres.open(databases[source], { user: 'generator', signal }),
    log,
    signal,
  })
}

async function scalar<T>(name: string, expression: string): Promise<T> {
  await using database = await postgres.open(name)
  const { rows } = await database.query<{ value: T }>(`select ${expression} as value`)
  const [row] = rows
  if (!row) throw new Error('one row expected')
  return row.value
}

const count = (name: string) => scalar<number>(name, '(select count(*)::int from "CommunityUsers")')
const fingerprint = (name: string) =>
  scalar<string>(name, `(select md5(string_agg(u::text, ',' order by id)) from "CommunityUsers" u)`)

function until(name: string, condition: string): Promise<boolean> {
  return waitFor(
    async () => ((await scalar<boolean>(name, condition)) ? { done: true } : { pending: 'not yet' }),
    { what: condition, deadlineMs: 15_000, intervalMs: 10 },
  )
}

const livePast = (operations: number) =>
  `exists (select from tributary.generated where live_operations > ${operations})`

test('both histories have exactly the rows asked for, within the year before the end', async () => {
  const databases = { 'community-db': await freshDatabase(), 'sites-db': await freshDatabase('sites') }

  await generate(historyOnly, { databases })

  for (const [source, table] of [
    ['community-db', '"CommunityUsers"'] as const,
    ['sites-db', '"SitesUsers"'] as const,
  ]) {
    const found = await scalar<object>(
      databases[source],
      `(select json_build_object('rows', count(*), 'first', min(id), 'last', max(id),
          'inYear', bool_and(registration_timestamp between timestamptz '${end}' - interval '365 days' and '${end}'),
          'finished', (select finished_at is not null and rows_written = 3000 from tributary.generated)) from ${table})`,
    )
    expect(found).toEqual({ rows: 3_000, first: 1, last: 3_000, inYear: true, finished: true })
  }
})

test('a restart does not repeat the history', async () => {
  const name = await freshDatabase()

  await generate(community, { databases: { 'community-db': name } })
  await generate(community, { databases: { 'community-db': name } })

  expect(await count(name)).toBe(3_000)
})

test('an end of "now" is that of the first start', async () => {
  const databases = { 'community-db': await freshDatabase() }
  const words = { ...community, historyEnd: '' }
  await generate(words, { databases })
  const first = await scalar<Date>(databases['community-db'], '(select history_end from tributary.generated)')

  await generate(words, { databases })

  expect(await count(databases['community-db'])).toBe(3_000)
  expect(
    await scalar<Date>(databases['community-db'], '(select history_end from tributary.generated)'),
  ).toEqual(first)
})

test('a service without live changes stays to say that it has finished', async () => {
  const name = await freshDatabase()
  const abort = new AbortController()
  const port = await freePort()

  const run = generate(
    { ...community, healthPort: String(port) },
    { databases: { 'community-db': name }, signal: abort.signal },
  )
  const health = await waitFor(
    async () => {
      const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
      if (!response) return { pending: 'nothing listens yet' }
      const status = (await response.json()) as Record<string, unknown>
      return status['phase'] === 'finished' ? { done: status } : { pending: String(status['phase']) }
    },
    { what: 'the history to be finished', deadlineMs: 10_000, intervalMs: 10 },
  )
  abort.abort(new TribError('INTERRUPTED', 'enough'))

  expect(health).toEqual({
    phase: 'finished',
    source: 'community-db',
    historyRows: 3_000,
    liveRows: 0,
    lastError: null,
  })
  await expect(run).rejects.toThrow('enough')
})

test('another seed adds another history', async () => {
  const name = await freshDatabase()

  await generate(community, { databases: { 'community-db': name } })
  await generate({ ...community, seed: '7' }, { databases: { 'community-db': name } })

  expect(await count(name)).toBe(6_000)
})

test('two generators of the same history write it once', async () => {
  const name = await freshDatabase()
  const words = { ...community, history: '10000' }

  await Promise.all([1, 2].map(() => generate(words, { databases: { 'community-db': name } })))

  expect(await count(name)).toBe(10_000)
})

test('a generator that is killed leaves whole batches, and its successor makes the very same table', async () => {
  const [killed, whole] = [await freshDatabase(), await freshDatabase()]
  const words = { ...community, history: '40000' }
  await using child = await startProcess(words, killed)
  await until(killed, 'exists (select from tributary.generated where rows_written >= 2000)')
  await child.kill()
  const written = await count(killed)

  await generate(words, { databases: { 'community-db': killed } })
  await generate(words, { databases: { 'community-db': whole } })

  expect(written % 1_000).toBe(0)
  expect(written).toBeLessThan(40_000)
  expect(await count(killed)).toBe(40_000)
  expect(await fingerprint(killed)).toBe(await fingerprint(whole))
})

test('live changes are 70 % inserts, 20 % updates and 10 % deletes, whole bursts only', async () => {
  const name = await freshDatabase()
  const abort = new AbortController()
  const words = { ...community, rate: '20000', interval: '50' }

  const run = generate(words, { databases: { 'community-db': name }, signal: abort.signal })
  await until(name, livePast(5_000))
  abort.abort(new TribError('INTERRUPTED', 'enough'))
  await expect(run).rejects.toThrow('enough')

  await using database = await postgres.open(name)
  const {
    rows: [ledger],
  } = await database.query(
    'select live_rows::int as rows, live_operations::int as operations from tributary.generated',
  )
  const { rows } = await database.query<{ id: number; email: string; username: string }>(
    'select id::int, email, username from "CommunityUsers"',
  )
  const changed = rows.filter(({ id, email, username }) => {
    const original = communityUser(42, id - 1)
    return original.email !== email || original.username !== username
  })
  const share = (part: number) => part / ledger?.operations
  expect(ledger?.operations % 1_000).toBe(0)
  expect(Math.max(...rows.map(({ id }) => id))).toBeLessThanOrEqual(3_000 + ledger?.rows)
  expect(share(ledger?.rows)).toBeCloseTo(0.7, 1.5)
  // A row may be hit twice, or be gone already.
  expect(share(changed.length)).toBeGreaterThan(0.13)
  expect(share(changed.length)).toBeLessThan(0.21)
  expect(share(3_000 + ledger?.rows - rows.length)).toBeGreaterThan(0.08)
  expect(share(3_000 + ledger?.rows - rows.length)).toBeLessThan(0.12)
})

test("live changes leave a row alone whose key lies outside the generator's", async () => {
  const name = await freshDatabase()
  const abort = new AbortController()
  await using database = await postgres.open(name)
  await database.query(
    `insert into "CommunityUsers" values (9223372036854775807, 'mine@x.org', 'mine', now())`,
  )
  await database.query(`insert into "CommunityUsers" values (-5, 'mine@x.org', 'mine', now())`)

  const words = { ...community, history: '0', rate: '20000', interval: '20' }
  const run = generate(words, { databases: { 'community-db': name }, signal: abort.signal })
  await until(name, livePast(2_000))
  abort.abort(new TribError('INTERRUPTED', 'enough'))
  await expect(run).rejects.toThrow('enough')

  const { rows } = await database.query(
    `select from "CommunityUsers" where email = 'mine@x.org' and username = 'mine'`,
  )
  expect(rows.length).toBe(2)
})

test('tables that come later than the generator are waited for, and so is the role', async () => {
  const name = await freshDatabase('template1')
  const warnings: unknown[] = []
  const log: Log = { ...silentLog, warn: (_, facts) => warnings.push(facts?.['reason']) }

  const run = generate(community, { databases: { 'community-db': name }, log })
  await waitFor(async () => (warnings.length > 0 ? { done: true } : { pending: 'no warning' }), {
    what: 'the generator to say that it waits',
    deadlineMs: 5_000,
    intervalMs: 5,
  })
  await using database = await postgres.open(name)
  await migrateMoodle(database, 'community-db')
  await run

  expect(warnings[0]).toContain('tributary.generated')
  expect(await count(name)).toBe(3_000)
})

test('a database that is restarted is reached again, and nothing is repeated', async () => {
  const name = await freshDatabase()
  const abort = new AbortController()
  const words = { ...community, rate: '200', interval: '20' }
  const run = generate(words, { databases: { 'community-db': name }, signal: abort.signal })
  await until(name, livePast(0))

  await postgres.stop()
  await postgres.start()

  const before = await scalar<number>(name, '(select live_operations::int from tributary.generated)')
  await until(name, livePast(before + 20))
  abort.abort(new TribError('INTERRUPTED', 'enough'))
  await expect(run).rejects.toThrow('enough')
  expect(await scalar<number>(name, '(select rows_written::int from tributary.generated)')).toBe(3_000)
})

test('an abort ends a burst that a lock holds up within two seconds, and nothing of it stays', async () => {
  const name = await freshDatabase()
  const abort = new AbortController()
  const words = { ...community, history: '0', rate: '1000', interval: '20' }
  await using blocker: Database = await postgres.open(name)
  await blocker.query('begin; lock table "CommunityUsers" in share mode')
  const run = generate(words, { databases: { 'community-db': name }, signal: abort.signal })
  await until(
    name,
    `exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())`,
  )
  const startedAt = performance.now()

  abort.abort(new TribError('INTERRUPTED', 'ended by ^C'))

  await expect(run).rejects.toThrow('ended by ^C')
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  await blocker.query('rollback')
  expect(await count(name)).toBe(0)
})

/** The generator as a process of its own, so that it can be killed as the kernel kills. */
async function startProcess(
  words: Words,
  name: string,
): Promise<AsyncDisposable & { kill(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-generator-'))
  const outfile = join(folder, 'generator.mjs')
  const generators = join(import.meta.dirname, '..', '..', 'generators', 'moodle')
  await build({
    stdin: {
      contents: `
        import { generateMoodle } from './generate-moodle.ts'
        import { parseGenerateOptions } from './generate-options.ts'
        import { openDatabase } from '../../control/database/connect.ts'
        import { silentLog } from '../../control/output/log.ts'
        const address = ${JSON.stringify({ host: postgres.host, port: postgres.port, user: 'generator', database: name })}
        await generateMoodle(parseGenerateOptions(${JSON.stringify(words)}), {
          connect: (_, { signal }) => openDatabase({ ...address, signal }),
          log: silentLog,
          signal: new AbortController().signal,
        })`,
      resolveDir: generators,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
    external: ['pg-native'],
  })
  const child: ChildProcess = spawn(process.execPath, [outfile], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    kill,
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
