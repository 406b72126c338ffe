import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { askHealth } from '../faults/ask-health.ts'
import { pidsOf } from '../faults/processes.ts'
import { openAs, untilTablesEqual } from '../faults/tables.ts'
import { startWriter, type Writer } from '../faults/writer.ts'
import { createTestStack, type TestStack } from '../support/trib.ts'
import { judgeSoak, type Sample } from './judge-soak.ts'
import { memoryOf } from './memory.ts'
import { startProbe } from './probe.ts'
import { keepSoak, tableOf } from './results.ts'

const minutes = Number(process.env['SOAK_MINUTES'] ?? '3')
if (!(minutes >= 1)) throw new Error(`--minutes is '${process.env['SOAK_MINUTES']}', not a number from 1 on`)
/** Of both sources together, each row a transaction of its own. */
const rowsPerSecond = 500
const sampleEveryMs = 5_000

const flows = [
  { source: 'community-db', table: '"CommunityUsers"', email: 'email' },
  { source: 'sites-db', table: '"SitesUsers"', email: 'admin_email' },
] as const

let stack: TestStack

beforeAll(async () => {
  stack = createTestStack({ GENERATOR_HISTORY: '500', GENERATOR_RATE: '0.001' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
})

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
})

/** 60 % inserts, 30 % updates, 10 % deletes, of rows that are minutes old. */
const statementOf =
  ({ table, email }: (typeof flows)[number]) =>
  (n: number) => {
    const older = `(select max(id) - ${1 + ((n * 7_919) % 2_000)} from ${table})`
    if (n % 10 === 9) return `delete from ${table} where id = ${older}`
    if (n % 10 > 5) return `update ${table} set username = 'changed ${n}' where id = ${older}`
    return `insert into ${table} (${email}, username, registration_timestamp) values ('soak-${n}@example.org', 'soak ${n}', clock_timestamp())`
  }

test(
  `${rowsPerSecond} rows a second for ${minutes} minutes: memory, slots and latency are level, and no row differs`,
  async () => {
    await using probe = await startProbe(stack)
    const sources = await Promise.all(
      flows.map(async ({ source }) => ({ source, database: await openAs(stack, source, 'postgres') })),
    )
    const writers = await Promise.all(
      flows.map(flow =>
        startWriter(stack, {
          ...{ source: flow.source, statement: statementOf(flow), rate: rowsPerSecond / flows.length },
        }),
      ),
    )
    const samples: Sample[] = []
    const unwell: string[] = []
    const startedAt = performance.now()
    try {
      while (performance.now() - startedAt < minutes * 60_000) {
        await passing(startedAt + (samples.length + 1) * sampleEveryMs - performance.now())
        samples.push({
          seconds: Math.round((performance.now() - startedAt) / 1000),
          memory: memoryOf(pidsOf(stack.folder)),
          slotLag: Object.fromEntries(
            await Promise.all(
              sources.map(async ({ source, database }) => [source, await slotLagOf(database)] as const),
            ),
          ),
          latency: await probe.latencies(),
        })
        const { state, pipelines } = await askHealth(stack)
        if (state === 'failed') unwell.push(pipelines.map(({ cause }) => cause).join('; '))
      }
      const done = await endAll(writers)
      await untilTablesEqual(stack)
      // The probes' landing table has a column of its own.
      for (const { table } of flows) {
        const words = ['verify', '--table', table.replaceAll('"', '')]
        expect(await stack.trib(words)).toMatchObject({ code: 0 })
      }

      const verdict = judgeSoak(samples)
      const told = { minutes, rowsPerSecond: Math.round(done.perSecond), rows: done.rows, verdict }
      process.stderr.write(tableOf(told))
      if (minutes >= 60) keepSoak(told)
      expect(done.perSecond).toBeGreaterThan(rowsPerSecond * 0.98)
      expect(unwell).toEqual([])
      expect(verdict.complaints).toEqual([])
    } finally {
      await Promise.allSettled(writers.map(writer => writer.stop()))
      for (const { database } of sources) await database[Symbol.asyncDispose]()
    }
  },
  minutes * 60_000 + 300_000,
)

async function endAll(writers: readonly Writer[]) {
  const ends = await Promise.all(writers.map(writer => writer.stop()))
  return {
    rows: ends.reduce((sum, { transactions }) => sum + transactions, 0),
    perSecond: ends.reduce((sum, { perSecond }) => sum + perSecond, 0),
  }
}

async function slotLagOf(database: Database): Promise<number> {
  const { rows } = await database.query<{ mb: number }>(
    `select (max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)) / 1024 / 1024)::float8 as mb
     from pg_replication_slots`,
  )
  return Math.round((rows[0]?.mb ?? 0) * 10) / 10
}

const passing = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, Math.max(ms, 0)))
