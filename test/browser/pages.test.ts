import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenPage, type PageLook, shotPath } from '../support/console/browser.ts'
import type { FakeConsole } from '../support/console/fake-console.ts'
import { backfills, letters, markup, slots } from '../support/console/inventories.ts'
import { flowing, type PageSetup, seriousFindings, setUpPages } from '../support/console/page-setup.ts'
import { worldOf } from '../support/console/worlds.ts'

let pages: PageSetup
beforeAll(async () => {
  pages = await setUpPages()
})
afterAll(() => pages?.[Symbol.asyncDispose]())

const world = () => worldOf(['community', 'sites'], { putAside: 12 })
const serve = () => pages.serve(world, { inventory: { slots, backfills, letters } })

/** What is there when a page has drawn what it fetched. */
const drawn = {
  tables: 'tr[data-table]',
  slots: 'tr[data-slot]',
  'bad-records': '.letters',
} as const

const looks: readonly [string, PageLook][] = [
  ['light', {}],
  ['dark', { scheme: 'dark' }],
  ['phone', { size: { width: 390, height: 844 } }],
]
const cases = (['tables', 'slots', 'bad-records'] as const).flatMap(name =>
  looks.map(([kind, look]) => ({ name, kind, look })),
)

test.each(cases)(
  'axe finds nothing serious on $name, and nothing is wider than the screen: $kind',
  async given => {
    const { name, kind, look } = given
    await using served = await serve()
    await using opened = await pages.browser.open(`${served.url}/#/${name}`, look)
    const { page, complaints } = opened

    await page.locator(drawn[name]).first().waitFor()
    if (name === 'bad-records') await page.locator('.letters summary').first().click()
    await page.screenshot({ path: shotPath(`${name}-${kind}`), fullPage: true })

    expect(await seriousFindings(opened)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(complaints).toEqual([])
  },
)

test('the pages are reached by keyboard, say where one is, and how much waits on each', async () => {
  await using served = await serve()
  await using opened = await pages.browser.open(served.url)
  const { page } = opened
  await page.locator('.badge').nth(2).waitFor()

  expect(await page.locator('.pages a').allTextContents()).toEqual([
    'Overview',
    'Tables3 being read again',
    'Slots2 to be looked at',
    'Bad records12 not mended',
  ])
  await page.keyboard.press('Tab')
  expect(await focusedText(opened)).toBe('Skip to the content')
  for (const name of ['Overview', 'Tables', 'Slots']) {
    await page.keyboard.press('Tab')
    expect(await focusedText(opened)).toMatch(new RegExp(`^${name}`))
  }
  await page.keyboard.press('Enter')
  await page.locator(drawn.slots).first().waitFor()

  expect(await page.locator('.pages [aria-current="page"]').textContent()).toMatch(/^Slots/)
  expect(await page.title()).toBe('Slots · Tributary')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  await page.goBack()
  await page.locator('.lanes').waitFor()
  expect(await page.title()).toBe('Tributary')
})

test('the link that skips to the content stays on its page', async () => {
  await using served = await serve()
  await using opened = await pages.browser.open(`${served.url}/#/slots`)
  const { page } = opened
  await page.locator(drawn.slots).first().waitFor()

  await page.locator('.skip').focus()
  await page.keyboard.press('Enter')

  await expect.poll(() => page.evaluate('location.hash')).toBe('#main')
  expect(await page.locator(drawn.slots).count()).toBe(slots.length)
})

test('a slot that nobody here reads has the command that drops it; others have none', async () => {
  await using served = await serve()
  await using opened = await pages.browser.open(`${served.url}/#/slots`)
  const { page } = opened
  const row = (name: string) => page.locator(`tr[data-slot="${name}"]`)
  await row('old_reporting').waitFor()

  expect(await row('old_reporting').locator('code').textContent()).toBe(
    `npx trib sql community-db "select pg_drop_replication_slot('old_reporting')"`,
  )
  expect(await row('old_reporting').locator('td').allTextContents()).toEqual([
    ...['none', 'nobody', '1.4 GB', 'reserved', '90 min'],
  ])
  expect(await row('tributary_community').locator('code').count()).toBe(0)
  expect(await page.locator('tr[data-state="failed"]').getAttribute('data-slot')).toBe('migration_of_march')
})

test('rows that are read again show how far they are, and move on by themselves', async () => {
  await using served = await serve()
  await using opened = await pages.browser.open(`${served.url}/#/tables`)
  const { page } = opened
  const orders = page.locator('li[data-backfill="public.Orders"]')
  await orders.waitFor()

  expect(await orders.locator('.said-of').textContent()).toBe(
    'being read · 42.7 % of about 120,000 rows · 95 s left',
  )
  expect(await orders.locator('progress').getAttribute('value')).toBe('42.7')
  expect(await page.locator('li[data-state="paused"] .said-of').textContent()).toMatch(/^paused · 80 %/)
  served.world.inventory = { ...served.world.inventory, backfills: [] }

  await page.locator('text=None is.').waitFor()
  await expect.poll(() => page.locator('.pages a').nth(1).textContent()).toBe('Tables')
})

test('records that were put aside stand by cause, with what they hold and the command that mends them', async () => {
  await using served = await serve()
  await using opened = await pages.browser.open(`${served.url}/#/bad-records`)
  const { page } = opened
  const parcels = page.locator('.letters[data-topic="community.public.parcels"]')
  await parcels.waitFor()

  expect(await parcels.locator('.cause').textContent()).toContain('value too long')
  expect(await parcels.locator('.command code').textContent()).toBe('npx trib dlq replay lake')
  expect(await page.locator('.letters[data-open="0"] .command').count()).toBe(0)
  await parcels.locator('summary').click()
  expect(await parcels.locator('[data-letter]').count()).toBe(10)
  expect(await parcels.locator('[data-letter]').first().textContent()).toContain('more than twenty letters')
})

test('markup in a table, a condition, a reader and a record stays text', async () => {
  await using served = await serve()
  await using opened = await pages.browser.open(`${served.url}/#/tables`)
  const { page, complaints } = opened

  await page.locator('.backfills li').nth(1).waitFor()
  expect(await page.locator('.backfills .name').nth(1).textContent()).toBe(`public.${markup}`)
  expect(await page.locator('.backfills code').textContent()).toBe(`where note <> '<b>bold</b>'`)
  await page.locator('.pages a').nth(2).click()
  await page.locator('tr[data-slot="standby_1"]').waitFor()
  expect(await page.locator('tr[data-slot="standby_1"] td').nth(1).textContent()).toBe(markup)
  await page.locator('.pages a').nth(3).click()
  await page.locator('.letters summary').first().click()
  await page.locator('.letters summary').nth(1).click()

  expect(await page.locator('[data-letter="community.public.parcels/0@7"] dd').last().textContent()).toBe(
    markup,
  )
  expect(await page.locator('main img, main b').count()).toBe(0)
  expect(await page.title()).toBe('Bad records · Tributary')
  expect(complaints).toEqual([])
})

test('a page with nothing on it says so', async () => {
  await using served = await pages.serve(flowing(['community']))
  await using opened = await pages.browser.open(`${served.url}/#/slots`)

  await saysOn(served, opened, {
    slots: 'There is none',
    tables: 'None is.',
    'bad-records': 'No record was put',
  })

  expect(opened.complaints).toEqual([])
})

async function saysOn(
  { url }: FakeConsole,
  { page }: OpenPage,
  sentences: Readonly<Record<keyof typeof drawn, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(sentences)) {
    await page.goto(`${url}/#/${name}`)
    await page.locator('main', { hasText: text }).waitFor()
  }
}

const focusedText = ({ page }: OpenPage) => page.evaluate('document.activeElement.textContent')
