import { afterAll, beforeAll, expect, test } from 'vitest'
import { shotPath } from '../support/console/browser.ts'
import {
  failedTask,
  flowing,
  type PageSetup,
  seriousFindings,
  setUpPages,
} from '../support/console/page-setup.ts'
import { answersOf, withoutConnect, worldOf } from '../support/console/worlds.ts'

let pages: PageSetup
beforeAll(async () => {
  pages = await setUpPages()
})
afterAll(() => pages?.[Symbol.asyncDispose]())

test('what a connector is called stays text, markup or not, on every part of the page', async () => {
  const name = `<img src=x onerror="document.title='owned'">&amp;"'`
  const others = ['__proto__', 'constructor', '\u202egnp.exe', '${env:SECRET}', "'); drop table users; --"]
  await using served = await pages.serve(() =>
    worldOf([name, ...others], { connectors: { [name]: failedTask } }),
  )
  await using opened = await pages.browser.open(served.url)
  const { page, complaints } = opened

  await page.locator('tr[data-connector]').first().waitFor()
  await page.locator('.hop[data-state="failed"]').first().click()
  await page.locator('dialog[open] .facts').waitFor()
  await page.screenshot({ path: shotPath('markup') })

  expect(await page.locator('tr[data-connector] .name').allTextContents()).toEqual(
    expect.arrayContaining([name, ...others]),
  )
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

test('with Connect down the page says so, with the command that helps', async () => {
  await using served = await pages.serve(withoutConnect)
  await using opened = await pages.browser.open(served.url)
  const { page } = opened

  await page.locator('.notice code').first().waitFor()
  await page.screenshot({ path: shotPath('connect-down'), fullPage: true })

  expect(await page.locator('.overall').getAttribute('data-state')).toBe('failed')
  expect(await page.locator('.notice p').first().textContent()).toContain('no Kafka Connect answers')
  expect(await seriousFindings(opened)).toEqual([])
})

test('with the warehouse down the charts keep what they had, and say so', async () => {
  await using served = await pages.serve(flowing(['community']))
  await using opened = await pages.browser.open(served.url)
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
  await using served = await pages.serve(flowing(['community']), { answers: {} })
  await using opened = await pages.browser.open(served.url)

  await opened.page.locator('.question .empty', { hasText: 'No rows yet' }).nth(1).waitFor()
  await opened.page.screenshot({ path: shotPath('no-rows'), fullPage: true })

  expect(opened.complaints).toEqual([])
})

test('ten years of weeks are drawn, walked over by keys, cut to a range, and taken away as CSV', async () => {
  await using served = await pages.serve(flowing(['community']), { answers: answersOf(520) })
  await using opened = await pages.browser.open(served.url)
  const { page, complaints } = opened
  const question = page.locator('[data-question="weekly-registrations"]')
  await question.locator('canvas').waitFor()

  await question.getByRole('radio', { name: 'all' }).check()
  await page.screenshot({ path: shotPath('ten-years'), fullPage: true })
  const total = question.locator('[data-value="line"]')
  const last = await total.textContent()
  await question.locator('.canvas').focus()
  await page.keyboard.press('Home')
  await expect.poll(() => total.textContent()).not.toBe(last)
  const hrefOf = () => question.locator('a.download').getAttribute('href')
  const ofAll = await hrefOf()
  await question.getByRole('radio', { name: '12 weeks' }).check()
  // Checked at once, drawn a moment later.
  await expect.poll(hrefOf).not.toBe(ofAll)
  const href = await hrefOf()
  const csv = await page.evaluate(`fetch(${JSON.stringify(href)}).then(answer => answer.text())`)

  expect(String(csv).trim().split('\r\n')).toHaveLength(13)
  expect(String(csv)).toMatch(/^week,sites_registered,sites_total\r\n\d{4}-\d\d-\d\d,\d+,\d+\r\n/)
  await question.locator('summary').click()
  await expect.poll(() => question.locator('tbody tr').count()).toBe(12)
  expect(complaints).toEqual([])
})

test('of 200 connectors the worst are shown first, and the others are found', async () => {
  const names = Array.from({ length: 199 }, (_, index) => `source-${index}`)
  await using served = await pages.serve(() => worldOf(names, { connectors: { 'source-150': failedTask } }))
  await using opened = await pages.browser.open(served.url)
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
  const first = await pages.serve(flowing(['community']))
  await using opened = await pages.browser.open(first.url)
  const { page } = opened
  await page.locator('.link-live').waitFor()

  await first[Symbol.asyncDispose]()
  await page.locator('.lost').waitFor()
  await page.screenshot({ path: shotPath('lost') })
  await using _second = await pages.serve(
    () => worldOf(['community'], { connectors: { community: failedTask } }),
    {},
    { port: first.port },
  )

  await page.locator('.hop[data-state="failed"]').first().waitFor()
  expect(await page.locator('.lost').count()).toBe(0)
})

test('a page that nobody looks at gives its connection back, and takes it again', async () => {
  await using served = await pages.serve(flowing(['community']))
  await using opened = await pages.browser.open(served.url)
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
