// `npm test`: what everybody runs, in the order in which it fails fastest. `npm run test:X`: one longer suite.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { ensureDependencies } from '../control/ensure-bundle.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
ensureDependencies(root)

const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'))
const report = join(folder, 'report.json')
const bin = name => join(root, 'node_modules', '.bin', name)
const { args, env } = ownOptionsIn(process.argv.slice(2))
const wanted = args.length > 0 ? args : ['--project', 'unit', '--project', 'database', '--project', 'stack']
const checks =
  args.length > 0
    ? []
    : [
        [bin('biome'), ['check', '.']],
        [bin('tsc'), ['-p', '.']],
        [bin('tsc'), ['-p', 'control/console/page']],
      ]
const suite = [
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...wanted],
]

let passed = 0
let failed = 0
let skipped = 0
for (const [program, args] of checks) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) passed += 1
  else failed += 1
}
try {
  const { status } = spawnSync(suite[0], suite[1], { cwd: root, stdio: 'inherit', env })
  const results = JSON.parse(readFileSync(report, 'utf8'))
  passed += results.numPassedTests
  failed += results.numFailedTests
  skipped += results.numPendingTests + results.numTodoTests
  for (const line of failuresIn(results)) console.log(line)
  // A file that does not even load, or an error outside any test, has no failed test of its own.
  if (status !== 0 && results.numFailedTests === 0) failed += 1
} catch (error) {
  console.error(`the test runner left no report: ${error instanceof Error ? error.message : error}`)
  failed += 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)

/** A line for each test that failed, so that the end of a long output says what a reader has to look for. */
function failuresIn({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const red = assertionResults.filter(one => one.status === 'failed')
    const told = red.map(one => [one.fullName, one.failureMessages.join('\n')])
    if (status === 'failed' && red.length === 0) told.push(['outside any test', message])
    const file = relative(root, name)
    return told.map(
      ([title, why]) => `failed: ${file}: ${title}: ${shortened(why.replace(/\n\s+at .*/g, ''))}`,
    )
  })
}

function shortened(text) {
  const line = stripVTControlCharacters(text).replace(/\s+/g, ' ').trim()
  return line.length <= 600 ? line : `${line.slice(0, 300)} … ${line.slice(-300)}`
}

/**
 * What is no option of the test runner. `--seeds 1-100`: those storms instead of the suite; `--resume`: what passed at
 * this commit is kept, and not run again. `--minutes N`: how long a soak is.
 */
function ownOptionsIn(args) {
  const given = name => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? '') : undefined)
  const [seeds, minutes] = [given('--seeds'), given('--minutes')]
  if (seeds !== undefined) {
    const STORM_RESUME = args.includes('--resume') ? 'yes' : 'no'
    return { args: ['--project', 'storms'], env: { ...process.env, STORM_SEEDS: seeds, STORM_RESUME } }
  }
  if (minutes === undefined) return { args, env: process.env }
  return { args: ['--project', 'soak'], env: { ...process.env, SOAK_MINUTES: minutes } }
}
