import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { buildPage } from '../../../control/console/build-page.mjs'
import { type Assets, readAssets } from '../../../control/console/server/assets.ts'
import { root } from '../trib.ts'

export interface TestBrowser extends AsyncDisposable {
  /** A page of its own, and what it complained of; a test looks that this stays empty. */
  open(url: string, look?: PageLook): Promise<OpenPage>
}

export interface PageLook {
  /** (Default: light) */
  readonly scheme?: 'light' | 'dark'
  /** (Default: 1280 × 900) */
  readonly size?: { readonly width: number; readonly height: number }
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

/** The distribution's own Chromium, with an empty profile that is removed again. */
export async function openBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: flags,
  })
  return {
    open: async (url, { scheme = 'light', size = { width: 1280, height: 900 } } = {}) => {
      const context = await browser.newContext({
        colorScheme: scheme,
        viewport: size,
        timezoneId: 'Asia/Tokyo',
      })
      return openPage(context, url)
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

async function openPage(context: BrowserContext, url: string): Promise<OpenPage> {
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  await page.goto(url)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** The page's files as `npm run build` makes them. */
export async function buildAssets(): Promise<Assets> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-page-'))
  try {
    await buildPage(root, folder)
    return readAssets(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where screenshots are kept: looked at by people, told apart by their names. */
export const shotPath = (name: string) => join(root, 'test', 'browser', 'shots', `${name}.png`)
