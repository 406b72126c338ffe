import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../control/database/connect.ts'
import { type OpenPage, openBrowser, shotPath, type TestBrowser } from '../support/console/browser.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'

let stack: TestStack
let browser: TestBrowser
let url: string

beforeAll(async () => {
  // No live changes: a chart that moves was moved by the test.
  stack = createTestStack({ GENERATOR_HISTORY: '2000', GENERATOR_RATE: '0' })
  const { code, stderr } = await stack.trib(['up', '--engine', 'native'])
  if (code !== 0) throw new Error(stderr)
  const status = await stack.json<{ service: string; url: string }[]>(['status'])
  url = status.find(({ service }) => service === 'console')?.url ?? ''
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await stack?.[Symbol.asyncDispose]()
})

async function openWell(): Promise<OpenPage> {
  const opened = await browser.open(url)
  await opened.page.locator('.question canvas').nth(1).waitFor()
  await opened.page.locator('.overall[data-state="ok"]').waitFor({ timeout: 60_000 })
  return opened
}

async function openOwned(service: string) {
  const [owner] = await stack.json<{ user: string; password: string; url: string }[]>([
    'credentials',
    service,
  ])
  const { hostname, port, pathname } = new URL(owner?.url ?? '')
  const { user = '', password } = owner ?? {}
  return openDatabase({ host: hostname, port: Number(port), user, password, database: pathname.slice(1) })
}

test('a row written at a source moves its chart within two seconds, five times out of five', async () => {
  await using opened = await openWell()
  await using sites = await openOwned('sites-db')
  const total = opened.page.locator('[data-question="weekly-registrations"] [data-value="line"]')
  const took: number[] = []

  for (let row = 0; row < 5; row += 1) {
    const before = await total.textContent()
    const startedAt = performance.now()
    await sites.query(
      `insert into "SitesUsers" (admin_email, username, registration_timestamp) values ($1, 'by a test', now())`,
      [`row-${row}@example.org`],
    )
    await eventually('the chart to move', async () =>
      (await total.textContent()) === before ? undefined : true,
    )
    took.push(performance.now() - startedAt)
  }

  process.stdout.write(`a row in the chart after ${took.map(ms => `${Math.round(ms)} ms`).join(', ')}\n`)
  expect(Math.max(...took)).toBeLessThan(2_000)
  expect(opened.complaints).toEqual([])
})

test('scripts get what doctor and status say', async () => {
  const ask = async (name: string) => (await fetch(`${url}/api/${name}`)).json()
  const printed = await stack.json<Record<string, unknown>[]>(['status'])

  expect(await ask('doctor')).toEqual(await stack.json(['doctor']))
  const told = (await ask('status')) as readonly Record<string, unknown>[]
  expect(told.map(({ service }) => service)).toEqual(
    expect.arrayContaining(['kafka-1', 'connect', 'warehouse']),
  )
  for (const { service, state, host, port } of told) {
    // The console speaks to the brokers where they speak to each other.
    const address = String(service).startsWith('kafka-') ? {} : { host, port }
    expect(printed).toContainEqual(expect.objectContaining({ service, state, ...address }))
  }
})

test('a verification from the page says that the warehouse is right', async () => {
  await using opened = await openWell()
  const { page } = opened

  await page.getByRole('button', { name: 'Verify now' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: 'The warehouse equals its sources' })
    .waitFor({ timeout: 60_000 })
  await page.screenshot({ path: shotPath('stack'), fullPage: true })

  expect(await page.locator('tr', { hasText: 'public.SitesUsers' }).count()).toBe(1)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain(
    'tributary_verify_different_rows{pipeline="community-source",table="public.CommunityUsers"} 0\n',
  )
})

test('a killed task turns its hop red with its cause, and a restart from the page heals it', async () => {
  await using opened = await openWell()
  const { page } = opened
  const hop = page.locator('.hop[data-hop="sink"]')
  await using warehouse = await openOwned('warehouse')
  await using sites = await openOwned('sites-db')

  await warehouse.query('revoke insert on "SitesUsers" from sink')
  await sites.query(
    `insert into "SitesUsers" (admin_email, username, registration_timestamp) values ('stuck@example.org', 'stuck', now())`,
  )
  await hop.and(page.locator('[data-state="failed"]')).waitFor({ timeout: 60_000 })
  await page.screenshot({ path: shotPath('stack-failed'), fullPage: true })
  await hop.click()
  const cause = page.locator('dialog[open] .cause')
  expect(await cause.textContent()).toContain('sink has no right to write the table SitesUsers')
  await page.keyboard.press('Escape')

  await warehouse.query('grant insert on "SitesUsers" to sink')
  await page.locator('tr[data-connector="warehouse-sink"]').getByRole('button', { name: 'Restart' }).click()
  await page.getByRole('button', { name: 'Yes, restart' }).click()
  await page.locator('.overall[data-state="ok"]').waitFor({ timeout: 60_000 })
  await hop.and(page.locator('[data-state="ok"]')).waitFor()

  const said = await page.locator('.activity li').allTextContents()
  expect(said.some(text => text.includes('warehouse-sink was restarted from a page'))).toBe(true)
  expect(said.some(text => text.includes('is well again'))).toBe(true)
  const [landed] = await stack.sql('warehouse', `select count(*) from "SitesUsers" where username = 'stuck'`)
  expect(landed).toEqual({ count: '1' })
  expect(opened.complaints).toEqual([])
})

test('a slot that nobody reads is on its page with the command that drops it, and leaves it once dropped', async () => {
  await using opened = await openWell()
  const { page } = opened
  await page.getByRole('link', { name: /^Slots/ }).click()
  const own = page.locator('tr[data-slot="tributary_sites"]')
  await own.waitFor()
  expect(await own.locator('td').first().textContent()).toBe('sites-source')
  await using sites = await openOwned('sites-db')

  await sites.query(`select pg_create_logical_replication_slot('left_behind', 'pgoutput')`)
  const left = page.locator('tr[data-slot="left_behind"]')
  await left.waitFor()
  await page.screenshot({ path: shotPath('stack-slots'), fullPage: true })
  const command = (await left.locator('code').textContent()) ?? ''
  expect(command).toContain(`--stack ${stack.name} sites-db "select pg_drop_replication_slot('left_behind')"`)
  expect(await page.locator('.badge-bad').first().textContent()).toBe('1 to be looked at')

  await sites.query(`select pg_drop_replication_slot('left_behind')`)
  await left.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: /^Tables/ }).click()
  await page.locator('tr[data-table="public.SitesUsers"]').waitFor()
  await page.screenshot({ path: shotPath('stack-tables'), fullPage: true })
  expect(await page.locator('tr[data-table]').count()).toBe(2)
  expect(opened.complaints).toEqual([])
})

/** CPU that a process has used, in seconds. (Linux counts in hundredths.) */
function cpuSecondsOf(service: string): number {
  const { pid } = JSON.parse(readFileSync(join(stack.folder, 'services', service, 'process.json'), 'utf8'))
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** `CONSOLE_LOAD_SECONDS=300 npm run test:browser` measures as long as the promise says. (Default: 45) */
const loadSeconds = Number(process.env['CONSOLE_LOAD_SECONDS'] ?? 45)

test('fifty open pages cost the server less than a tenth of a core while rows flow', async () => {
  await using sites = await openOwned('sites-db')
  const ending = new AbortController()
  // What a page costs the server is its stream; to draw fifty of them would only keep the browser busy.
  const heard = Array.from({ length: 50 }, () => 0)
  const read = async (body: AsyncIterable<Uint8Array>, index: number) => {
    for await (const part of body) heard[index] = (heard[index] ?? 0) + part.length
  }
  const answers = await Promise.all(heard.map(() => fetch(`${url}/api/events`, { signal: ending.signal })))
  // Ended by the abort, which is how a page leaves.
  const pages = answers.map(({ body }, index) => body && read(body, index).catch(() => {}))
  const before = cpuSecondsOf('console')
  const startedAt = performance.now()

  await eventually(
    'the time to be over',
    async () => {
      await sites.query(
        `insert into "SitesUsers" (admin_email, username, registration_timestamp) select 'load@example.org', 'load', now() from generate_series(1, 10)`,
      )
      // As if each showed the tables: two reports every five seconds.
      const reports = ['tables', 'backfills'].flatMap(name => Array.from({ length: 5 }, () => name))
      await Promise.all(reports.map(async name => (await fetch(`${url}/api/${name}`)).text()))
      return performance.now() - startedAt > loadSeconds * 1000 ? true : undefined
    },
    { deadlineMs: loadSeconds * 1000 + 10_000, intervalMs: 500 },
  )
  const seconds = (performance.now() - startedAt) / 1000
  const share = (cpuSecondsOf('console') - before) / seconds
  ending.abort()
  await Promise.all(pages)

  expect(Math.min(...heard)).toBeGreaterThan(1_000)
  process.stdout.write(`50 pages: ${(share * 100).toFixed(1)} % of a core over ${Math.round(seconds)} s\n`)
  expect(share).toBeLessThan(0.1)
})
