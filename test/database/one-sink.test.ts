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
