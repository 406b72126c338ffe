import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Assets } from '../../control/console/server/assets.ts'
import type { Snapshot } from '../../control/health/snapshot.ts'
import {
  buildAssets,
  type OpenPage,
  openBrowser,
  type PageLook,
  shotPath,
  type TestBrowser,
} from '../support/console/browser.ts'
import { type FakeConsole, type FakeWorld, startFakeConsole } from '../support/console/fake-console.ts'
import { answersOf, withoutConnect, worldOf } from '../support/console/worlds.ts'

let assets: Assets
let browser: TestBrowser
beforeAll(async () => {
  assets = await buildAssets()
  browser = await openBrowser()
  mkdirSync(dirname(shotPath('x')), { recursive: true })
})
afterAll(() => browser[Symbol.asyncDispose]())

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe calls serious or critical; as lines, for a message that can be read. */
async function seriousFindings({ page }: OpenPage): Promise<readonly string[]> {
  // By the debugger's way: the page's own policy lets no foreign script in.
  await page.evaluate(axe)
  return await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`)
}

async function serve(
  snapshot: () => Snapshot,
  more: Partial<FakeWorld> = {},
  options: { readonly isReadOnly?: boolean } = {},
): Promise<FakeConsole> {
  return startFakeConsole({ snapshot, answers: answersOf(60), ...more }, { assets, ...options })
}

/** Rows that flow: a little more at each look. */
function flowing(names: readonly string[]): () => Snapshot {
  let rows = 100
  return () => {
    rows += 3
    return worldOf(names, { rows })
  }
}

const failedTask = {
  tasks: [
    {
      id: 0,
      state: 'FAILED',
      workerId: 'w:1',
      trace: 'java.lang.Error\nCaused by: org.x.Y: relation "<b>bold</b>" is gone',
    },
  ],
}
const phone = { size: { width: 390, height: 844 } } as const

test.each<[string, PageLook]>([
  ['light', {}],
  ['dark', { scheme: 'dark' }],
  ['phone', phone],
  ['phone-dark', { ...phone, scheme: 'dark' }],
])('the page is drawn without a complaint, and axe finds nothing serious: %s', async (name, look) => {
  await using served = await serve(flowing(['community', 'sites']))
  await using opened = await browser.open(served.url, look)
  const { page, complaints } = opened

  await page.locator('.question canvas').nth(1).waitFor()
  await page.locator('.flow path.flowing').first().waitFor({ state: 'attached' })
  await page.screenshot({ path: shotPath(name), fullPage: true })

  expect(await seriousFindings(opened)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(complaints).toEqual([])
})

test('the first paint comes within a second', async () => {
  await using served = await serve(flowing(['community', 'sites']))
  await using opened = await browser.open(served.url)

  const painted = await opened.page.evaluate(
    `new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries()
      .find(({ name }) => name === 'first-contentful-paint')?.startTime)).observe({ type: 'paint', buffered: true }))`,
  )

  expect(painted).toBeLessThan(1_000)
})

test.each<[string, PageLook]>([
  ['failed', {}],
  ['failed-dark', { scheme: 'dark' }],
  ['failed-phone', phone],
])('a hop that failed is red, and a click shows its cause and the command: %s', async (name, look) => {
  await using served = await serve(() =>
    worldOf(['community', 'sites'], { connectors: { community: failedTask } }),
  )
  await using opened = await browser.open(served.url, look)
  const { page, complaints } = opened

  const hop = page.locator('.hop[data-hop="source"][data-pipeline="community"]')
  await hop.and(page.locator('[data-state="failed"]')).waitFor()
  await page.screenshot({ path: shotPath(name), fullPage: true })
  expect(await seriousFindings(opened)).toEqual([])
  await hop.click()
  const dialog = page.locator('dialog[open]')
  await dialog.locator('code').first().waitFor()
  await dialog.locator('.facts').waitFor()
  await page.screenshot({ path: shotPath(`${name}-dialog`) })

  expect(await dialog.locator('.cause').textContent()).toContain('community')
  expect(await dialog.locator('code').first().textContent()).toContain('npx trib restart community')
  expect(await seriousFindings(opened)).toEqual([])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('a connector with markup in its name stays text, on every part of the page', async () => {
  const name = `<img src=x onerror="document.title='owned'">&amp;"'`
  await using served = await serve(() => worldOf([name, 'sites'], { connectors: { [name]: failedTask } }))
  await using opened = await browser.open(served.url)
  const { page, complaints } = opened

  await page.locator('tr[data-connector]').first().waitFor()
  await page.locator('.hop[data-state="failed"]').first().click()
  await page.locator('dialog[open] .facts').waitFor()
  await page.screenshot({ path: shotPath('markup') })

  expect(await page.locator('tr[data-connector] .name').allTextContents()).toContain(name)
  expect(await page.locator('dialog h2').textContent()).toBe(`source of ${name}`)
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.title()).toBe('Tributary')
  await page.keyboard.press('Escape')
  await page.locator('tr[data-connector] button').first().click()
  await page.getByRole('button', { name: 'Yes, restart' }).click()
  await page.locator('.said', { hasText: 'was restarted' }).waitFor()
  expect(served.world.steered).toEqual([`restart ${name} failed`])
  expect(complaints).toEqual([])
})

test('restart, pause and resume ask first, by mouse and by keyboard', async () => {
  let held = false
  await using served = await serve(
    () => worldOf(['community'], { connectors: { community: held ? { state: 'PAUSED' } : {} } }),
    {
      steering: {
        pause: async () => {
          held = true
        },
        resume: async () => {
          held = false
        },
      },
    },
  )
  await using opened = await browser.open(served.url)
  const { page } = opened
  const row = page.locator('tr[data-connector="community"]')

  await row.getByRole('button', { name: 'Pause' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('dialog[open]').waitFor()
  await page.screenshot({ path: shotPath('confirm') })
  await page.keyboard.press('Escape')
  await page.locator('dialog').waitFor({ state: 'detached' })
  expect(served.world.steered).toEqual([])

  await row.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Yes, pause' }).click()
  await row.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Yes, resume' }).click()
  await row.getByRole('button', { name: 'Pause' }).waitFor()
  expect(served.world.steered).toEqual(['pause community', 'resume community'])
})

test('a console that only shows has no button that changes anything', async () => {
  await using served = await serve(flowing(['community']), {}, { isReadOnly: true })
  await using opened = await browser.open(served.url)

  await opened.page.locator('tr[data-connector="community"]').waitFor()

  expect(await opened.page.getByRole('button', { name: /Restart|Pause|Verify/ }).count()).toBe(0)
  expect(await opened.page.locator('text=started with --read-only').count()).toBe(1)
})

test('with Connect down the page says so, with the command that helps', async () => {
  await using served = await serve(withoutConnect)
  await using opened = await browser.open(served.url)
  const { page } = opened

  await page.locator('.notice code').first().waitFor()
  await page.screenshot({ path: shotPath('connect-down'), fullPage: true })

  expect(await page.locator('.overall').getAttribute('data-state')).toBe('failed')
  expect(await page.locator('.notice p').first().textContent()).toContain('no Kafka Connect answers')
  expect(await seriousFindings(opened)).toEqual([])
})

test('with the warehouse down the charts keep what they had, and say so', async () => {
  await using served = await serve(flowing(['community']))
  await using opened = await browser.open(served.url)
  const { page } = opened
  await page.locator('.question canvas').first().waitFor()

  served.world.answers = {
    'public.weekly_registrations': 'warehouse at 127.0.0.1:1: nothing listens there',
    'public.admin_overlap': 'warehouse at 127.0.0.1:1: nothing listens there',
  }

  await page.locator('.question .notice', { hasText: 'nothing listens there' }).first().waitFor()
  await page.screenshot({ path: shotPath('warehouse-down'), fullPage: true })
  expect(await page.locator('.question canvas').count()).toBe(2)
  served.world.answers = answersOf(60)
  await page.locator('.question .notice').first().waitFor({ state: 'detached' })
})

test('without rows the charts say so', async () => {
  await using served = await serve(flowing(['community']), { answers: {} })
  await using opened = await browser.open(served.url)

  await opened.page.locator('.question .empty', { hasText: 'No rows yet' }).nth(1).waitFor()
  await opened.page.screenshot({ path: shotPath('no-rows'), fullPage: true })

  expect(opened.complaints).toEqual([])
})

test('ten years of weeks are drawn, walked over by keys, cut to a range, and taken away as CSV', async () => {
  await using served = await serve(flowing(['community']), { answers: answersOf(520) })
  await using opened = await browser.open(served.url)
  const { page, complaints } = opened
  const question = page.locator('[data-question="weekly-registrations"]')
  await question.locator('canvas').waitFor()

  await question.getByText('all', { exact: true }).click()
  await page.screenshot({ path: shotPath('ten-years'), fullPage: true })
  const total = question.locator('[data-value="line"]')
  const last = await total.textContent()
  await question.locator('.canvas').focus()
  await page.keyboard.press('Home')
  await expect.poll(() => total.textContent()).not.toBe(last)
  await question.getByText('12 weeks').click()
  const href = await question.locator('a.download').getAttribute('href')
  const csv = await page.evaluate(`fetch(${JSON.stringify(href)}).then(answer => answer.text())`)

  expect(String(csv).trim().split('\r\n')).toHaveLength(13)
  expect(String(csv)).toMatch(/^week,sites_registered,sites_total\r\n\d{4}-\d\d-\d\d,\d+,\d+\r\n/)
  await question.locator('summary').click()
  expect(await question.locator('tbody tr').count()).toBe(12)
  expect(complaints).toEqual([])
})

test('of 200 connectors the worst are shown first, and the others are found', async () => {
  const names = Array.from({ length: 199 }, (_, index) => `source-${index}`)
  await using served = await serve(() => worldOf(names, { connectors: { 'source-150': failedTask } }))
  await using opened = await browser.open(served.url)
  const { page, complaints } = opened

  await page.locator('tr[data-connector="source-150"]').waitFor()
  await page.screenshot({ path: shotPath('many'), fullPage: true })
  expect(await page.locator('.hop[data-hop="source"]').first().getAttribute('data-pipeline')).toBe(
    'source-150',
  )
  expect(await page.locator('tr[data-connector]').count()).toBe(12)

  await page.getByRole('searchbox').fill('source-77')
  await expect.poll(() => page.locator('.hop[data-hop="source"]').count()).toBe(1)
  await page.getByRole('button', { name: 'Show all 200 connectors' }).click()
  expect(await page.locator('tr[data-connector]').count()).toBe(200)
  expect(complaints).toEqual([])
})

test('a lost connection is said, and comes back by itself, with what changed meanwhile', async () => {
  const first = await serve(flowing(['community']))
  await using opened = await browser.open(first.url)
  const { page } = opened
  await page.locator('.link-live').waitFor()

  await first[Symbol.asyncDispose]()
  await page.locator('.lost').waitFor()
  await page.screenshot({ path: shotPath('lost') })
  await using _second = await startFakeConsole(
    {
      snapshot: () => worldOf(['community'], { connectors: { community: failedTask } }),
      answers: answersOf(60),
    },
    { assets, port: first.port },
  )

  await page.locator('.hop[data-state="failed"]').first().waitFor()
  expect(await page.locator('.lost').count()).toBe(0)
})

test('a page that nobody looks at gives its connection back, and takes it again', async () => {
  await using served = await serve(flowing(['community']))
  await using opened = await browser.open(served.url)
  const { page } = opened
  const watchers = async () =>
    /^tributary_console_watchers (\d+)$/m.exec(await (await fetch(`${served.url}/metrics`)).text())?.[1]
  const turn = (state: string) =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))`)
  await page.locator('.link-live').waitFor()

  await turn('hidden')
  await expect.poll(watchers).toBe('0')
  await turn('visible')

  await expect.poll(watchers).toBe('1')
  expect(await page.locator('.lost').count()).toBe(0)
})

test('a verification that finds rows says which table, and the command that mends it', async () => {
  const empty = { missingColumns: [], extraColumns: [], leftOutColumns: [], unsettled: [], repaired: 0 }
  const table = { table: 'sales.Orders', pipeline: 'community', rows: 1_200, seconds: 0.4, ...empty }
  const wrong = { ...table, equal: false, missing: ['7'], extra: [], different: ['8', '9'], exit: 4 }
  await using served = await serve(flowing(['community']), {
    verify: async () => ({ equal: false, sampled: false, seconds: 0.5, tables: [wrong] }),
  })
  await using opened = await browser.open(served.url)
  const { page } = opened

  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.locator('text=Not everything is equal').waitFor()
  await page.screenshot({ path: shotPath('verified'), fullPage: true })

  expect(
    await page.locator('tr', { hasText: 'sales.Orders' }).locator('td.number').last().textContent(),
  ).toBe('3')
  expect(await page.locator('.activity li', { hasText: 'differ from the source' }).count()).toBe(1)
})
