import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { eventually } from '../support/trib.ts'
import { migrateMoodle } from './moodle-sql.ts'

const claim = 'select tributary.one_sink()'
/** Longer than the silence that ends a session. */
const outwaitsMs = 12_000

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres({ databases: ['warehouse'] })
  await using database = await postgres.open('warehouse')
  await migrateMoodle(database, 'warehouse')
})
afterAll(() => postgres[Symbol.asyncDispose]())

const openSink = () => postgres.open('warehouse', { user: 'sink' })
const pidOf = async (session: Database) =>
  (await session.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid
const isOver = async (pid: number | undefined) => {
  await using owner = await postgres.open('warehouse')
  return (await owner.query('select 1 from pg_stat_activity where pid = $1', [pid])).rows.length === 0
}

test('a session that was suspended in the middle of its batch is ended, and its batch with it', async () => {
  await using before = await openSink()
  await before.query(claim)
  await before.query('begin')
  await before.query(`insert into "CommunityUsers" values (1, 'a@example.org', 'old', now())`)
  await using next = await openSink()

  await next.query(claim)

  await expect(before.query('commit')).rejects.toThrow('the connection was lost')
  expect((await next.query('select 1 from "CommunityUsers"')).rows).toEqual([])
})

test('who comes while another is at work waits until its session has ended', async () => {
  const before = await openSink()
  await before.query(claim)
  const pid = await pidOf(before)
  await using next = await openSink()

  const claimed = next.query(claim)
  await before[Symbol.asyncDispose]()
  await claimed

  expect(await isOver(pid)).toBe(true)
})

test('who comes back late is turned away while its successor is at work', async () => {
  await using successor = await openSink()
  await successor.query(claim)
  await using late = await openSink()

  const refused = late.query(claim).then(
    () => 'let in',
    error => String(error),
  )
  let answer: string | undefined
  void refused.then(text => {
    answer = text
  })
  await eventually(
    'an answer',
    async () => {
      await successor.query('select 1')
      return answer
    },
    { deadlineMs: outwaitsMs * 3, intervalMs: 500 },
  )

  expect(answer).toContain('another session of the sink writes the landing tables')
  expect((await successor.query('select 1')).rows).toHaveLength(1)
})

test('a sink of another name does not wait', async () => {
  await using one = await openSink()
  await one.query(claim)
  await using other = await openSink()
  await other.query(`set application_name = 'another-sink'`)

  const startedAt = performance.now()
  await other.query(claim)

  expect(performance.now() - startedAt).toBeLessThan(2_000)
})

const told = (task: string) => `select tributary.one_sink('${task}\n')`
const asked = 'another-sink-again'

/** A session of a task that hangs with a batch in its hands; its successor ends it, and has ended. */
async function succeeded(hung: string, successor: string): Promise<void> {
  for (const task of [hung, successor]) {
    await using session = await openSink()
    await session.query(`set application_name = '${asked}'`)
    await session.query(told(task))
  }
}

test('a task that comes back when its successor has ended is turned away, and holds up nobody', async () => {
  const [hung, successor] = [randomUUID(), randomUUID()]
  await succeeded(hung, successor)
  await using late = await openSink()
  await using next = await openSink()
  for (const one of [late, next]) await one.query(`set application_name = '${asked}'`)

  await expect(late.query(told(hung))).rejects.toThrow(
    `a later task of ${asked} has written the landing tables since`,
  )
  const startedAt = performance.now()
  await next.query(told(successor))

  expect(performance.now() - startedAt).toBeLessThan(2_000)
})

test('a task that lost its session goes on, while nobody came after it', async () => {
  const task = randomUUID()
  await succeeded(randomUUID(), task)
  await using again = await openSink()
  await again.query(`set application_name = '${asked}'`)

  await expect(again.query(told(task))).resolves.toBeDefined()
})

test('what no worker put a name in is let in as before', async () => {
  await succeeded(randomUUID(), randomUUID())
  await using unnamed = await openSink()
  await unnamed.query(`set application_name = '${asked}'`)

  await expect(unnamed.query(told('${directory:/proc/sys/kernel/random:uuid}'))).resolves.toBeDefined()
})
