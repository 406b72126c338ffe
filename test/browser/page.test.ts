import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PageLook, shotPath } from '../support/console/browser.ts'
import {
  failedTask,
  flowing,
  type PageSetup,
  seriousFindings,
  setUpPages,
} from '../support/console/page-setup.ts'
import { worldOf } from '../support/console/worlds.ts'

let pages: PageSetup
beforeAll(async () => {
  pages = await setUpPages()
})
afterAll(() => pages?.[Symbol.asyncDispose]())

const phone = { size: { width: 390, height: 844 } } as const

test.each<[string, PageLook]>([
  ['light', {}],
  ['dark', { scheme: 'dark' }],
  ['phone', phone],
  ['phone-dark', { ...phone, scheme: 'dark' }],
])('the page is drawn without a complaint, and axe finds nothing serious: %s', async (name, look) => {
  await using served = await pages.serve(flowing(['community', 'sites']))
  await using opened = await pages.browser.open(served.url, look)
  const { page, complaints } = opened

  await page.locator('.question canvas').nth(1).waitFor()
  await page.locator('.flow path.flowing').first().waitFor({ state: 'attached' })
  await page.screenshot({ path: shotPath(name), fullPage: true })

  expect(await seriousFindings(opened)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(complaints).toEqual([])
})

test('the first paint comes within a second', async () => {
  await using served = await pages.serve(flowing(['community', 'sites']))
  await using opened = await pages.browser.open(served.url)

  // The first paint of anything at all may be told before it.
  const painted = await opened.page.evaluate(`new Promise(resolve =>
    new PerformanceObserver(list => {
      const found = list.getEntries().find(({ name }) => name === 'first-contentful-paint')
      if (found) resolve(found.startTime)
    }).observe({ type: 'paint', buffered: true }))`)

  expect(painted).toBeLessThan(1_000)
})

test.each<[string, PageLook]>([
  ['failed', {}],
  ['failed-dark', { scheme: 'dark' }],
  ['failed-phone', phone],
])('a hop that failed is red, and a click shows its cause and the command: %s', async (name, look) => {
  await using served = await pages.serve(() =>
    worldOf(['community', 'sites'], { connectors: { community: failedTask } }),
  )
  await using opened = await pages.browser.open(served.url, look)
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

test('restart, pause and resume ask first, by mouse and by keyboard', async () => {
  let held = false
  await using served = await pages.serve(
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
  await using opened = await pages.browser.open(served.url)
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
  await using served = await pages.serve(flowing(['community']), {}, { isReadOnly: true })
  await using opened = await pages.browser.open(served.url)

  await opened.page.locator('tr[data-connector="community"]').waitFor()

  expect(await opened.page.getByRole('button', { name: /Restart|Pause|Verify/ }).count()).toBe(0)
  expect(await opened.page.locator('text=started with --read-only').count()).toBe(1)
})

test('a verification that finds rows says which table, and the command that mends it', async () => {
  const empty = {
    missingColumns: [],
    extraColumns: [],
    leftOutColumns: [],
    droppedColumns: [],
    unsettled: [],
    repaired: 0,
  }
  const table = { table: 'sales.Orders', pipeline: 'community', rows: 1_200, seconds: 0.4, ...empty }
  const wrong = { ...table, equal: false, missing: ['7'], extra: [], different: ['8', '9'], exit: 4 }
  await using served = await pages.serve(flowing(['community']), {
    verify: async () => ({
      equal: false,
      sampled: false,
      seconds: 0.5,
      explanations: ['sites-db was restored.'],
      tables: [wrong],
    }),
  })
  await using opened = await pages.browser.open(served.url)
  const { page } = opened

  await page.getByRole('button', { name: 'Verify now' }).click()
  await page.locator('text=Not everything is equal').waitFor()
  await page.screenshot({ path: shotPath('verified'), fullPage: true })

  expect(
    await page.locator('tr', { hasText: 'sales.Orders' }).locator('td.number').last().textContent(),
  ).toBe('3')
  expect(await page.locator('.activity li', { hasText: 'differ from the source' }).count()).toBe(1)
})
