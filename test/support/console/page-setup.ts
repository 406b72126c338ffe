import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Assets } from '../../../control/console/server/assets.ts'
import type { Snapshot } from '../../../control/health/snapshot.ts'
import { buildAssets, type OpenPage, openBrowser, shotPath, type TestBrowser } from './browser.ts'
import { type FakeConsole, type FakeOptions, type FakeWorld, startFakeConsole } from './fake-console.ts'
import { answersOf, worldOf } from './worlds.ts'

/** A browser, and consoles around made-up worlds that serve the real page. */
export interface PageSetup extends AsyncDisposable {
  readonly browser: TestBrowser
  serve(
    snapshot: () => Snapshot,
    more?: Partial<FakeWorld>,
    options?: Pick<FakeOptions, 'isReadOnly' | 'port'>,
  ): Promise<FakeConsole>
}

export async function setUpPages(): Promise<PageSetup> {
  const assets: Assets = await buildAssets()
  const browser = await openBrowser()
  mkdirSync(dirname(shotPath('x')), { recursive: true })
  return {
    browser,
    serve: (snapshot, more = {}, options = {}) =>
      startFakeConsole({ snapshot, answers: answersOf(60), ...more }, { assets, ...options }),
    [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose](),
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe calls serious or critical; as lines, for a message that can be read. */
export async function seriousFindings({ page }: OpenPage): Promise<readonly string[]> {
  // By the debugger's way: the page's own policy lets no foreign script in.
  await page.evaluate(axe)
  return await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`)
}

/** Rows that flow: a little more at each look. */
export function flowing(names: readonly string[]): () => Snapshot {
  let rows = 100
  return () => {
    rows += 3
    return worldOf(names, { rows })
  }
}

const trace = 'java.lang.Error\nCaused by: org.x.Y: relation "<b>bold</b>" is gone'
export const failedTask = { tasks: [{ id: 0, state: 'FAILED', workerId: 'w:1', trace }] }
