import { execFileSync } from 'node:child_process'
import { root } from '../support/trib.ts'
import type { Arm } from './arms/arm.ts'
import { drawTable } from './draw.ts'
import { judge } from './judge.ts'
import { warmUpLoad } from './loads/all-loads.ts'
import { measure } from './measure.ts'
import type { Measurement } from './measurement.ts'
import { type BenchStack, openBenchStack } from './open-bench-stack.ts'
import { planRuns, type Run } from './plan-runs.ts'
import { type BenchOptions, readOptions, usage } from './read-options.ts'
import { readResults, writeResults } from './results-file.ts'
import { summarize } from './summarize.ts'

const out = (text: string) => void process.stdout.write(text)
const note = (text: string) => void process.stderr.write(`${text}\n`)

/** Measures what is left, and says whether it is what was promised: the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions | undefined
  try {
    options = readOptions(args)
  } catch (error) {
    note(`bench: ${error instanceof Error ? error.message : error}\n${usage}`)
    return 2
  }
  if (!options) {
    out(usage)
    return 0
  }
  const done = options.isResumed ? readResults(options.name) : []
  const runs = planRuns({ ...options, done })
  const { measurements, failures } = await runAll(runs, options, done).catch((error: unknown): Ran => {
    note(`bench: ${error instanceof Error ? error.stack : error}`)
    return { measurements: done, failures: 1 }
  })
  const summaries = summarize(measurements)
  out(drawTable(summaries))
  const verdicts = judge(options.size, summaries)
  for (const { sentence, isMet } of verdicts) out(`${isMet ? 'met' : 'MISSED'}: ${sentence}\n`)
  const failed = verdicts.filter(({ isMet }) => !isMet).length + failures
  out(`${verdicts.filter(({ isMet }) => isMet).length} passed, ${failed} failed, 0 skipped\n`)
  return failed === 0 ? 0 : 1
}

interface Ran {
  readonly measurements: readonly Measurement[]
  readonly failures: number
}

/** Each measurement is written as soon as it is there: what comes after it may end badly. */
async function runAll(
  runs: readonly Run[],
  { settings, name, minutes }: BenchOptions,
  done: readonly Measurement[],
): Promise<Ran> {
  const measurements = [...done]
  const startedAt = performance.now()
  const commit = commitHere()
  let failures = 0
  if (runs.length === 0) return { measurements, failures }
  const abort = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => abort.abort(new Error(`ended by ${name}`)))
  await using stack = await openBenchStack(settings, abort.signal)
  await warmUp(stack, runs)
  for (const { load, arm, round } of runs) {
    abort.signal.throwIfAborted()
    if (performance.now() - startedAt > minutes * 60_000) {
      note('time is up: the rest with --resume')
      break
    }
    try {
      const taken = await measure(stack, arm, load)
      const who = { load: load.name, arm: arm.name, round, rows: load.rows }
      measurements.push({ ...who, ...rounded(taken), at: new Date().toISOString(), commit })
      writeResults(name, measurements)
      const cpu = taken.cpuSeconds['connect']?.toFixed(1)
      const latency = taken.latencyMs ? `, ${JSON.stringify(taken.latencyMs)}` : ''
      note(
        `${load.name}, ${arm.name}, round ${round}: ${taken.seconds.toFixed(2)} s, Connect ${cpu} s${latency}`,
      )
    } catch (error) {
      failures += 1
      note(`${load.name}, ${arm.name}, round ${round}: ${error instanceof Error ? error.stack : error}`)
    }
  }
  return { measurements, failures }
}

async function warmUp(stack: BenchStack, runs: readonly Run[]): Promise<void> {
  const arms = new Map<string, Arm>(runs.map(({ arm }) => [arm.name, arm]))
  for (const arm of arms.values()) await measure(stack, arm, warmUpLoad)
  note('warmed up')
}

/** What a clock of a hundredth of a second can tell. */
function rounded<T extends { readonly seconds: number; readonly cpuSeconds: Measurement['cpuSeconds'] }>(
  taken: T,
): T {
  const two = (value: number) => Math.round(value * 100) / 100
  const cpu = Object.entries(taken.cpuSeconds).map(([name, value]) => [name, two(value)])
  return { ...taken, seconds: two(taken.seconds), cpuSeconds: Object.fromEntries(cpu) }
}

function commitHere(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
