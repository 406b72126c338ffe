import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, it, onTestFinished } from 'vitest'
import { createHistory } from '../../../control/history/history.ts'

const processes = 4
const revisions = 25

it('processes that append at once lose no revision and take no number twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trib-history-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const script = await writer(folder)

  const numbers = (await Promise.all(Array.from({ length: processes }, () => run(script)))).flat()

  const expected = Array.from({ length: processes * revisions }, (_, index) => index + 1)
  expect(numbers.sort((one, other) => one - other)).toEqual(expected)
  const kept = await createHistory({ folder: join(folder, 'kept'), mask: (_, value) => value }).list('c')
  expect(kept.map(({ revision }) => revision).reverse()).toEqual(expected)
})

/** A program that appends and prints the numbers it was given: Node 20 does not run TypeScript by itself. */
async function writer(folder: string): Promise<string> {
  const entry = join(folder, 'writer.ts')
  const module = JSON.stringify(join(import.meta.dirname, '../../../control/history/history.ts'))
  writeFileSync(
    entry,
    `import { createHistory } from ${module}
    const history = createHistory({ folder: ${JSON.stringify(join(folder, 'kept'))}, mask: (_, value) => value })
    const numbers = []
    const config = { filler: 'x'.repeat(20_000), by: String(process.pid) }
    for (let n = 0; n < ${revisions}; n += 1)
      numbers.push(await history.append({ name: 'c', kind: 'configure', config, state: undefined }))
    process.stdout.write(JSON.stringify(numbers))`,
  )
  const outfile = join(folder, 'writer.mjs')
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return outfile
}

async function run(script: string): Promise<readonly number[]> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  return JSON.parse(text) as readonly number[]
}
