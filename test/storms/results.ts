import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../support/trib.ts'
import type { Met } from './weather.ts'

export interface StormResult {
  readonly seed: number
  readonly seconds: number
  readonly met: readonly Met[]
  readonly committed: number
  readonly rolledBack: number
  readonly scenes: number
  /** Rows that were compared, whole, on both sides. */
  readonly rows: number
  /** What the operator did. */
  readonly operator: readonly string[]
}

interface Kept {
  readonly commit: string
  readonly storms: readonly StormResult[]
}

const file = join(root, 'test', 'storms', 'results', 'storms.json')
const allButResults = ['--', '.', ':!test/storms/results']

const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()

/** The commit of everything but the results, which come later; `undefined`: something is not committed. */
export function commitUnderTest(): string | undefined {
  if (git('status', '--porcelain', ...allButResults) !== '') return undefined
  return git('log', '-1', '--format=%H', ...allButResults)
}

/** What passed at that commit; another commit's results prove nothing of this one. */
export function keptResults(commit: string): readonly StormResult[] {
  if (!existsSync(file)) return []
  const kept: Kept = JSON.parse(readFileSync(file, 'utf8'))
  return kept.commit === commit ? kept.storms : []
}

export function keepResult(commit: string, result: StormResult): void {
  const storms = [...keptResults(commit).filter(({ seed }) => seed !== result.seed), result]
  mkdirSync(dirname(file), { recursive: true })
  const kept: Kept = { commit, storms: storms.sort((one, other) => one.seed - other.seed) }
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`)
}
