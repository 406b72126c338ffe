import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../control/database/connect.ts'
import { moodle } from '../../control/scenarios/moodle.ts'
import { parseGenerateOptions } from '../../generators/moodle/generate-options.ts'
import { moodleTables } from '../../generators/moodle/moodle-tables.ts'
import { migrateMoodle } from '../database/moodle-sql.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { root } from '../support/trib.ts'
import { ensureEnvironment, findPython, succeed } from './python.ts'

const notebook = join(root, 'analytics', 'moodle', 'answers.ipynb')
const found = await findPython()
if (found.kind === 'missing') process.stderr.write(`the notebook is not run: ${found.reason}\n`)

test('the notebook is kept without what it printed', () => {
  const { cells } = JSON.parse(readFileSync(notebook, 'utf8'))

  for (const cell of cells.filter((one: { cell_type: string }) => one.cell_type === 'code'))
    expect(cell).toMatchObject({ outputs: [], execution_count: null })
})

describe.skipIf(found.kind === 'missing')('the numbers of the notebook are those of the views', () => {
  let postgres: TestPostgres
  let warehouse: Database
  let python: string
  let folder: string

  beforeAll(async () => {
    if (found.kind === 'missing') return
    folder = mkdtempSync(join(tmpdir(), 'tributary-notebook-'))
    python = await ensureEnvironment(found)
    postgres = await startPostgres({ databases: ['warehouse'], settings: { TimeZone: 'Pacific/Auckland' } })
    warehouse = await postgres.open('warehouse')
    await migrateMoodle(warehouse, 'warehouse')
  })
  afterEach(() => warehouse.query('truncate "CommunityUsers", "SitesUsers"'))
  afterAll(async () => {
    await warehouse?.[Symbol.asyncDispose]()
    await postgres?.[Symbol.asyncDispose]()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  interface Executed {
    readonly answers: Readonly<Record<string, readonly Record<string, unknown>[]>>
    readonly charts: readonly string[]
  }

  /** As the role that may only read; what Python programs like to keep goes into a folder that is removed. */
  async function execute(): Promise<Executed> {
    const home = mkdtempSync(join(folder, 'home-'))
    const env = {
      ...{ PATH: process.env['PATH'], HOME: home, PYTHONDONTWRITEBYTECODE: '1' },
      WAREHOUSE_URL: `postgres://dashboard@127.0.0.1:${postgres.port}/warehouse`,
    }
    const printed = await succeed(python, [join(import.meta.dirname, 'run_notebook.py'), notebook, home], env)
    const charts = readdirSync(home).filter(name => name.endsWith('.png'))
    return { answers: JSON.parse(printed), charts: charts.map(name => join(home, name)) }
  }

  /** Up to the notebook's last week: another may begin between the two. */
  async function expectViews({ answers }: Executed): Promise<void> {
    for (const { view, counted, total } of moodle.questions) {
      const rows = answers[view] ?? []
      const expected = await warehouse.query(
        `select week, ${counted}::int, ${total}::int from ${view} where week <= $1 order by week`,
        [rows.at(-1)?.['week'] ?? 'infinity'],
      )
      expect(rows).toEqual(expected.rows)
    }
  }

  test('for the year that the generators write', async () => {
    const options = parseGenerateOptions({ history: '4000', historyEnd: new Date().toISOString(), rate: '0' })
    const now = Date.now()
    for (const { name, columns, row } of moodleTables(options)) {
      const rows = [...Array(4_000).keys()].map(index =>
        row(index, new Date(now - (4_000 - index) * 7_884_000)),
      )
      const fields = columns.map((_, field) => rows.map(one => one[field]))
      await warehouse.query(
        `insert into ${name} select row_number() over (), * from unnest($1::text[], $2::text[], $3::timestamptz[])`,
        fields,
      )
    }

    const executed = await execute()

    await expectViews(executed)
    expect(executed.answers['weekly_registrations']?.length).toBeGreaterThanOrEqual(53)
    expect(executed.answers['admin_overlap']?.at(-1)?.['admins_total']).toBeGreaterThan(500)
    expect(executed.charts).toHaveLength(2)
    for (const chart of executed.charts) expect(statSync(chart).size).toBeGreaterThan(10_000)
    keep(executed.charts)
  })

  test('for what is hard: borders of weeks, letters, blanks, families, the future', async () => {
    const users = [
      ['  Ada@X.org', '2024-12-30T00:00:00Z'],
      ['ada@x.org', '2024-12-29T23:59:59.999999Z'],
      ['ÄDELE@x.org', '2023-01-01T12:00:00+13:00'],
      ['İpek@x.org', '2025-02-03T00:00:00Z'],
      ['ΣΟΦΟΣ@x.org', '2025-02-03T00:00:00Z'],
      ['\ttab@x.org', '2025-03-01T00:00:00Z'],
      ['', '2025-01-01T00:00:00Z'],
      ['   ', '2025-01-01T00:00:00Z'],
      ['late@x.org', '2999-01-01T00:00:00Z'],
      ['b ob@x.org', '2025-01-01T00:00:00Z'],
    ]
    const sites = [
      ['ADA@x.org ', '2025-01-06T00:00:00Z'],
      ['ada@x.org', '2025-01-05T23:59:59.999999Z'],
      ['ädele@X.ORG', '2022-06-01T00:00:00Z'],
      ['ipek@x.org', '2025-02-09T23:59:59Z'],
      ['σοφοσ@x.org', '2025-02-10T00:00:00Z'],
      ['σοφος@x.org', '2025-02-17T00:00:00Z'],
      ['tab@x.org', '2025-03-01T00:00:00Z'],
      ['', '2025-01-01T00:00:00Z'],
      ['  ', '2025-01-01T00:00:00Z'],
      ['late@x.org', '2025-01-01T00:00:00Z'],
      ['future@x.org', '2290-01-01T00:00:00Z'],
      ['bob@x.org', '2025-01-01T00:00:00Z'],
    ]
    await insert('"CommunityUsers"', users)
    await insert('"SitesUsers"', sites)

    const executed = await execute()

    await expectViews(executed)
    const { rows } = await warehouse.query('select max(admins_total)::int as admins from admin_overlap')
    expect(rows).toEqual([{ admins: 5 }])
  })

  test('for a warehouse without rows, and it says so', async () => {
    const executed = await execute()

    await expectViews(executed)
    expect(executed.answers).toEqual({ weekly_registrations: [], admin_overlap: [] })
    expect(executed.charts).toEqual([])
  })

  async function insert(table: string, rows: readonly (readonly string[])[]): Promise<void> {
    await warehouse.query(
      `insert into ${table} select row_number() over (), email, 'name', at from unnest($1::text[], $2::timestamptz[]) as row (email, at)`,
      [rows.map(([email]) => email), rows.map(([, at]) => at)],
    )
  }
})

/** For whoever wants to look at them: `TRIBUTARY_PICTURES=FOLDER`. */
function keep(charts: readonly string[]): void {
  const to = process.env['TRIBUTARY_PICTURES']
  if (!to) return
  mkdirSync(to, { recursive: true })
  for (const [index, chart] of charts.entries()) copyFileSync(chart, join(to, `notebook-${index + 1}.png`))
}
