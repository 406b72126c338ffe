import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { readAnswers } from '../../control/report/read-answers.ts'
import { moodle } from '../../control/scenarios/moodle.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { migrateMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
let warehouse: Database
beforeAll(async () => {
  // Far from UTC on purpose: a view that leans on the session's zone puts rows near midnight into another week.
  postgres = await startPostgres({ databases: ['warehouse'], settings: { TimeZone: 'Pacific/Auckland' } })
  warehouse = await postgres.open('warehouse')
  await migrateMoodle(warehouse, 'warehouse')
  await warehouse.query(`set timezone = 'Pacific/Auckland'`)
})
afterAll(async () => {
  await warehouse[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})
afterEach(() => warehouse.query('truncate "CommunityUsers", "SitesUsers"'))

const dayMs = 24 * 3600 * 1000
const today = new Date()
const thisMonday = Date.UTC(
  today.getUTCFullYear(),
  today.getUTCMonth(),
  today.getUTCDate() - ((today.getUTCDay() + 6) % 7),
)

/** A moment so many weeks before this week's Monday 00:00 UTC. */
const at = (weeksAgo: number, offsetMs = 0) =>
  new Date(thisMonday - weeksAgo * 7 * dayMs + offsetMs).toISOString()
const monday = (weeksAgo: number) => at(weeksAgo).slice(0, 10)

let nextId = 1
async function user(email: string, registeredAt: string): Promise<number> {
  await warehouse.query('insert into "CommunityUsers" values ($1, $2, $3, $4)', [
    nextId,
    email,
    'user',
    registeredAt,
  ])
  return nextId++
}
async function site(email: string, registeredAt: string): Promise<number> {
  await warehouse.query('insert into "SitesUsers" values ($1, $2, $3, $4)', [
    nextId,
    email,
    'site',
    registeredAt,
  ])
  return nextId++
}

async function registrations() {
  const { rows } = await warehouse.query(
    'select week, sites_registered, sites_total from weekly_registrations',
  )
  return rows.map(row => [row.week, Number(row.sites_registered), Number(row.sites_total)])
}
async function admins() {
  const { rows } = await warehouse.query('select week, new_admins, admins_total from admin_overlap')
  return rows.map(row => [row.week, Number(row.new_admins), Number(row.admins_total)])
}

test('columns are a date and counts', async () => {
  const { rows } = await warehouse.query(
    `select attrelid::regclass::text as view, attname as column, format_type(atttypid, null) as type from pg_attribute
     where attrelid in ('weekly_registrations'::regclass, 'admin_overlap'::regclass) order by attrelid, attnum`,
  )

  expect(rows.map(({ view, column, type }) => `${view}.${column} ${type}`)).toEqual([
    'weekly_registrations.week date',
    'weekly_registrations.sites_registered bigint',
    'weekly_registrations.sites_total bigint',
    'admin_overlap.week date',
    'admin_overlap.new_admins bigint',
    'admin_overlap.admins_total bigint',
  ])
})

test('there are no weeks while both tables are empty', async () => {
  expect(await registrations()).toEqual([])
  expect(await admins()).toEqual([])
})

test.each(['Pacific/Auckland', 'America/Los_Angeles', 'UTC'])(
  'a week begins on Monday 00:00 UTC for a session in %s',
  async zone => {
    await warehouse.query(`set timezone = '${zone}'`)
    await site('a@x.org', at(1, -1))
    await site('b@x.org', at(1))
    await site('c@x.org', at(0, -1))
    await site('d@x.org', at(0))

    expect(await registrations()).toEqual([
      [monday(2), 1, 1],
      [monday(1), 2, 3],
      [monday(0), 1, 4],
    ])
  },
)

test('a week without rows is there with 0, and the total stands', async () => {
  await site('a@x.org', at(3))
  await site('b@x.org', at(1))

  expect(await registrations()).toEqual([
    [monday(3), 1, 1],
    [monday(2), 0, 1],
    [monday(1), 1, 2],
    [monday(0), 0, 2],
  ])
})

test('weeks begin with the earliest row of the other table', async () => {
  await user('a@x.org', at(2))
  await site('b@x.org', at(1))

  expect(await registrations()).toEqual([
    [monday(2), 0, 0],
    [monday(1), 1, 1],
    [monday(0), 0, 1],
  ])
  expect(await admins()).toEqual([
    [monday(2), 0, 0],
    [monday(1), 0, 0],
    [monday(0), 0, 0],
  ])
})

test('with no sites there are weeks, and nobody administers', async () => {
  await user('a@x.org', at(1))

  expect(await registrations()).toEqual([
    [monday(1), 0, 0],
    [monday(0), 0, 0],
  ])
  expect((await admins()).map(([, , total]) => total)).toEqual([0, 0])
})

test('with no users there are weeks, and nobody administers', async () => {
  await site('a@x.org', at(1))

  expect((await admins()).map(([, , total]) => total)).toEqual([0, 0])
})

test('rows of a future week lie outside the weeks', async () => {
  await site('a@x.org', at(0))
  await site('late@x.org', at(-1))
  await user('late@x.org', at(0))
  await user('a@x.org', at(-1))

  expect(await registrations()).toEqual([[monday(0), 1, 1]])
  expect(await admins()).toEqual([[monday(0), 0, 0]])
})

test('rows of the future alone make no week', async () => {
  await site('a@x.org', at(-2))

  expect(await registrations()).toEqual([])
})

test('an admin counts in the week in which user and site were both there', async () => {
  await user('user-first@x.org', at(3))
  await site('user-first@x.org', at(1))
  await site('site-first@x.org', at(3))
  await user('site-first@x.org', at(2))

  expect(await admins()).toEqual([
    [monday(3), 0, 0],
    [monday(2), 1, 1],
    [monday(1), 1, 2],
    [monday(0), 0, 2],
  ])
})

test('case and surrounding spaces do not matter, spaces within do', async () => {
  await user('  Ada@X.org', at(0))
  await user('Ädele@x.org', at(0))
  await user('b ob@x.org', at(0))
  await site('ada@x.ORG ', at(0))
  await site('äDELE@x.org', at(0))
  await site('bob@x.org', at(0))

  expect(await admins()).toEqual([[monday(0), 2, 2]])
})

test('a blank e-mail matches nobody, not even a blank one', async () => {
  for (const blank of ['', '   ']) {
    await user(blank, at(0))
    await site(blank, at(0))
  }

  expect(await admins()).toEqual([[monday(0), 0, 0]])
})

test('a user with three sites counts once, with the earliest', async () => {
  await user('a@x.org', at(3))
  for (const weeksAgo of [0, 2, 1]) await site('a@x.org', at(weeksAgo))

  expect(await admins()).toEqual([
    [monday(3), 0, 0],
    [monday(2), 1, 1],
    [monday(1), 0, 1],
    [monday(0), 0, 1],
  ])
})

test('two users who share an e-mail are two admins', async () => {
  await user('family@x.org', at(1))
  await user('Family@x.org', at(0))
  await site('family@x.org', at(1))

  expect(await admins()).toEqual([
    [monday(1), 1, 1],
    [monday(0), 1, 2],
  ])
})

test('a user who is deleted is no admin any more', async () => {
  const id = await user('a@x.org', at(0))
  await site('a@x.org', at(0))
  expect(await admins()).toEqual([[monday(0), 1, 1]])

  await warehouse.query('delete from "CommunityUsers" where id = $1', [id])

  expect(await admins()).toEqual([[monday(0), 0, 0]])
})

test.each(moodle.questions)('the file of $name asks what `up` and `report` answer', async question => {
  await site('a@x.org', at(9))
  await user('a@x.org', at(2))
  const sql = await readFile(new URL(`../../analytics/moodle/${question.name}.sql`, import.meta.url), 'utf8')

  const { rows } = await warehouse.query(sql)
  const options = { weeks: 8, applicationName: 'test', viewsHint: '' }
  const [answer] = await readAnswers(
    { host: postgres.host, port: postgres.port, user: 'dashboard', database: 'warehouse' },
    [question],
    options,
  )

  expect(sql).toMatch(new RegExp(`^-- ${question.words.replace('WEEKS', '8').replace('?', '\\?')}\n`))
  expect(rows.map(({ week }) => week)).toEqual([7, 6, 5, 4, 3, 2, 1, 0].map(monday))
  expect(
    rows.map(row => ({
      ...{ week: row['week'], counted: Number(row[question.counted]), total: Number(row[question.total]) },
    })),
  ).toEqual(answer?.weeks)
})

test('a hundred thousand rows on each side are answered within seconds', async () => {
  const rows = 100_000
  await warehouse.query(
    `insert into "CommunityUsers" select i, 'u' || i || '@x.org', 'u', now() - interval '1 year' * random() from generate_series(1, ${rows}) i`,
  )
  await warehouse.query(
    `insert into "SitesUsers" select i, 'U' || i * 3 || '@x.org ', 'u', now() - interval '1 year' * random() from generate_series(1, ${rows}) i`,
  )
  const startedAt = performance.now()

  const total = (await admins()).at(-1)?.[2]

  expect(total).toBe(Math.floor(rows / 3))
  expect(performance.now() - startedAt).toBeLessThan(3_000)
})
