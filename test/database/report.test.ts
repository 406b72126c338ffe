import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Database } from '../../control/database/connect.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { openTerminal, type Terminal } from '../support/run-trib.ts'
import { migrateMoodle } from './moodle-sql.ts'

let postgres: TestPostgres
let warehouse: Database
let terminal: Terminal

beforeAll(async () => {
  postgres = await startPostgres({ databases: ['warehouse', 'empty'] })
  warehouse = await postgres.open('warehouse')
  await migrateMoodle(warehouse, 'warehouse')
  terminal = openTerminal({ connectUrl: 'http://127.0.0.1:1', databases: at('warehouse') })
})
afterEach(() => warehouse.query('truncate "CommunityUsers", "SitesUsers"'))
afterAll(async () => {
  terminal?.[Symbol.dispose]()
  await warehouse?.[Symbol.asyncDispose]()
  await postgres?.[Symbol.asyncDispose]()
})

function at(database: string, user = 'dashboard', port = postgres.port) {
  return { sources: {}, warehouse: `postgres://${user}@127.0.0.1:${port}/${database}` }
}

/** One site in each of so many weeks, this one included; every third belongs to a community user. */
async function fill(weeks: number): Promise<void> {
  await warehouse.query(
    `insert into "SitesUsers" select i, 'U' || i || '@x.org ', 's', now() - i * interval '1 week' from generate_series(0, ${weeks - 1}) i`,
  )
  await warehouse.query(
    `insert into "CommunityUsers" select i, 'u' || i || '@X.org', 'u', now() - i * interval '1 week' from generate_series(0, ${weeks - 1}, 3) i`,
  )
}

async function report(...options: readonly string[]) {
  const ran = await terminal.run(['report', ...options])
  return { ...ran, lines: ran.stdout.trimEnd().split('\n') }
}

test('both questions are answered as of the last 12 weeks, by a role that can only read', async () => {
  await fill(20)

  const { code, stdout, stderr, lines } = await report()

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(lines[0]).toBe(
    'How many sites were registered in each of the last 12 weeks, and how many are there in total?',
  )
  expect(lines.slice(2, 14).every(line => /^\d{4}-\d\d-\d\d +1 +\d+ {2}█+$/.test(line))).toBe(true)
  expect(lines[14]).toBe('sites_total: 9 ▁▂▂▃▄▄▅▅▆▇▇█ 20')
  expect(stdout).toContain(
    'How many community users administer a registered site: new in each of the last 12 weeks',
  )
  expect(lines.at(-1)).toMatch(/^admins_total: \d+ \S+ 7$/)
})

test('machines get the numbers of the views', async () => {
  await fill(20)
  const { rows: expected } = await warehouse.query(
    `select week, sites_registered::int, sites_total::int from weekly_registrations order by week desc limit 3`,
  )

  const json = JSON.parse((await report('--weeks', '3', '-o', 'json')).stdout)
  const yaml = parse((await report('--weeks', '3', '-o', 'yaml')).stdout)

  expect(json.answers['weekly-registrations']).toEqual(expected.reverse())
  expect(Object.keys(json.answers)).toEqual(['weekly-registrations', 'admin-overlap'])
  expect(yaml).toEqual(json)
})

test('CSV has one row for each week, with the columns of both questions', async () => {
  await fill(20)
  const { rows } = await warehouse.query(
    `select concat_ws(',', week, sites_registered, sites_total, new_admins, admins_total) as line
     from weekly_registrations join admin_overlap using (week) order by week`,
  )

  const { code, stdout, stderr } = await report('--weeks', 'all', '-o', 'csv')

  const lines = ['week,sites_registered,sites_total,new_admins,admins_total', ...rows.map(({ line }) => line)]
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' })
})

test('no other command prints CSV', async () => {
  expect(await terminal.run(['get', 'connectors', '-o', 'csv'])).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: 'USAGE: connectors does not print csv; report does\n  → -o table, wide, json, yaml, name\n',
  })
})

test('one question can be asked alone', async () => {
  await fill(2)

  const { stdout } = await report('admin-overlap', '-o', 'csv')
  const refused = await report('admin-overlaps')

  expect(stdout).toMatch(/^week,new_admins,admins_total\n\S+,0,0\n\S+,1,1\n$/)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('weekly-registrations, admin-overlap')
})

test('no rows yet is said in a sentence, and is no failure', async () => {
  const table = await report()
  const json = await report('-o', 'json')

  expect(table).toMatchObject({
    ...{ code: 0, stdout: '' },
    stderr: 'no rows yet: the landing tables of the warehouse are empty\n  → npx trib health\n',
  })
  expect(JSON.parse(json.stdout)).toEqual({ answers: { 'weekly-registrations': [], 'admin-overlap': [] } })
})

test('ten years of weeks fit on a screen, and it says how; each week can be had', async () => {
  await fill(520)

  const screen = await report('weekly-registrations', '--weeks', '520')
  const wide = await report('weekly-registrations', '--weeks', 'all', '-o', 'wide')

  expect(screen.lines).toHaveLength(58 + 3)
  expect(screen.stderr).toBe('\neach line stands for 9 weeks; -o wide has a line for each, -o csv too\n')
  expect(wide.lines).toHaveLength(520 + 3)
  expect(wide.stderr).toBe('')
})

test('more weeks than there are is said, with the first', async () => {
  await fill(3)
  const { rows } = await warehouse.query('select min(week) as week from weekly_registrations')

  const { code, stderr } = await report()

  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `\n3 weeks is all there is: the earliest row is of the week ${rows[0]?.['week']}\n`,
  })
})

test.each(['0', '-1', '1.5', 'many', '99999999'])('--weeks %s is refused', async weeks => {
  const { code, stdout, stderr } = await report('--weeks', weeks)

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain("a whole number from 1 to 5200, or 'all'")
})

test('views that are missing are named, with what makes them', async () => {
  using elsewhere = openTerminal({ connectUrl: 'http://127.0.0.1:1', databases: at('empty', 'postgres') })

  expect(await elsewhere.run(['report'])).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: `DATABASE_FAILED: empty at 127.0.0.1:${postgres.port} has no view weekly_registrations as this version knows it
  → run the files of sql/moodle/warehouse in that database; npm run up does it in a local stack
`,
  })
})

test('a role that may not read the views is told so', async () => {
  await warehouse.query('create role stranger login')
  using elsewhere = openTerminal({ connectUrl: 'http://127.0.0.1:1', databases: at('warehouse', 'stranger') })

  const { code, stderr } = await elsewhere.run(['report'])

  expect(code).toBe(1)
  expect(stderr).toContain('the role may not read the view weekly_registrations in warehouse at')
})

test('a warehouse that is down is told in a sentence', async () => {
  using elsewhere = openTerminal({
    connectUrl: 'http://127.0.0.1:1',
    databases: at('warehouse', 'dashboard', 1),
  })

  expect(await elsewhere.run(['report', '-o', 'json'])).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: 'DATABASE_FAILED: warehouse at 127.0.0.1:1: nothing listens there\n  → trib status\n',
  })
})
