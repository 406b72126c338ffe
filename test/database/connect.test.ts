import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureRolePassword, openDatabase, transaction } from '../../control/database/connect.ts'
import { matchesScram } from '../../control/database/scram.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  const settings = { TimeZone: 'Pacific/Auckland', DateStyle: 'German' }
  postgres = await startPostgres({ settings })
})
afterAll(() => postgres[Symbol.asyncDispose]())

const address = () => ({ host: postgres.host, port: postgres.port, user: 'postgres', database: 'postgres' })

test('a session is in UTC whatever the server says, and keeps every digit', async () => {
  await using database = await postgres.open()

  const { rows } = await database.query(
    `select timestamptz '2026-01-05 00:30+01' as at, timestamp '2026-01-05 00:30' as plain, date '2026-01-05' as day,
       9007199254740993::bigint as big`,
  )

  expect(rows).toEqual([
    {
      at: new Date('2026-01-04T23:30:00Z'),
      plain: '2026-01-05 00:30:00',
      day: '2026-01-05',
      big: '9007199254740993',
    },
  ])
})

test('times as text keep their microseconds', async () => {
  await using database = await openDatabase({ ...address(), times: 'text' })

  const { rows } = await database.query(`select timestamptz '2026-01-05 00:30:00.123456+01' as at`)

  expect(rows).toEqual([{ at: '2026-01-04T23:30:00.123456Z' }])
})

test('a port where nothing listens is named', async () => {
  const connection = openDatabase({ ...address(), port: 1 })

  await expect(connection).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
    message: 'postgres at 127.0.0.1:1: nothing listens there',
    isRetriable: true,
  })
})

test.each([
  [{ user: 'nobody_at_all' }, 'role "nobody_at_all" does not exist (28000)'],
  [{ database: 'nowhere' }, 'database "nowhere" does not exist (3D000)'],
])('a connection with %j is refused in a sentence', async (difference, reason) => {
  const connection = openDatabase({ ...address(), ...difference })

  await expect(connection).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
    message: expect.stringContaining(reason),
    isRetriable: false,
  })
})

test('a failed statement says what Postgres said, and the session goes on', async () => {
  await using database = await postgres.open()

  await expect(database.query('select from nothing')).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
    message: `postgres at 127.0.0.1:${postgres.port}: relation "nothing" does not exist (42P01)`,
  })

  expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('a session that is ended from outside fails as a retriable sentence', async () => {
  await using database = await postgres.open()
  await using other = await postgres.open()
  const { rows } = await database.query('select pg_backend_pid() as pid')

  await other.query('select pg_terminate_backend($1)', [rows[0]?.pid])

  await expect(database.query('select 1')).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
    isRetriable: true,
  })
})

test('an abort cuts a statement that hangs', async () => {
  const abort = new AbortController()
  await using database = await postgres.open('postgres', { signal: abort.signal })

  const statement = database.query('select pg_sleep(60)')
  abort.abort(new Error('ended by ^C'))

  await expect(statement).rejects.toThrow('ended by ^C')
})

test('a transaction that fails leaves nothing', async () => {
  await using database = await postgres.open()
  const work = async () => {
    await database.query('create table half_done ()')
    throw new Error('not today')
  }

  await expect(transaction(database, work)).rejects.toThrow('not today')

  const { rows } = await database.query(`select to_regclass('half_done') as found`)
  expect(rows).toEqual([{ found: null }])
})

test('a role gets its password once, whatever letters both hold, and only as a verifier', async () => {
  await using database = await postgres.open()
  await database.query(`create role "o'dd ""role""" login`)
  const kept = async () => {
    const { rows } = await database.query(`select rolpassword from pg_authid where rolname like 'o''dd%'`)
    return rows[0]?.rolpassword
  }

  await ensureRolePassword(database, `o'dd "role"`, `it's a \\ "secret"`)
  const first = await kept()
  await ensureRolePassword(database, `o'dd "role"`, `it's a \\ "secret"`)
  expect(first).toMatch(/^SCRAM-SHA-256\$4096:/)
  expect(await kept()).toBe(first)

  await ensureRolePassword(database, `o'dd "role"`, 'another one')
  expect(await kept()).not.toBe(first)
})

test('our verifier is the one that Postgres makes', async () => {
  await using database = await postgres.open()
  await database.query("create role kept_by_postgres login password 'pass word ünï'")

  const { rows } = await database.query(
    "select rolpassword from pg_authid where rolname = 'kept_by_postgres'",
  )

  expect(matchesScram(rows[0]?.rolpassword, 'pass word ünï')).toBe(true)
  expect(matchesScram(rows[0]?.rolpassword, 'pass word uni')).toBe(false)
})
