import { type Clock, systemClock } from '../../control/system/clock.ts'
import type { GeneratedTable } from '../generated-table.ts'
import { type GeneratorDeps, type GeneratorStatus, newStatus, runGenerator } from '../generator.ts'
import { startHealthServer } from '../health-server.ts'
import type { MoodleOptions } from './generate-options.ts'
import { moodleTables } from './moodle-tables.ts'

export interface GenerateDeps extends Omit<GeneratorDeps, 'clock' | 'random'> {
  /** (Default: the system's) */
  readonly clock?: Clock
  /** (Default: Math.random) */
  readonly random?: () => number
  /** Where the health port listens. (Default: 127.0.0.1) */
  readonly bindAddress?: string | undefined
}

/**
 * Writes the community's and the sites' history, then lives on until the signal aborts, which rejects with its reason;
 * at rate 0 and without a health port it resolves after the history.
 */
export async function generateMoodle(options: MoodleOptions, deps: GenerateDeps): Promise<void> {
  const runs = moodleTables(options).map(table => ({ table, status: newStatus(table.source) }))
  const report = () => reportOf(runs.map(({ status }) => status))
  await using _health =
    options.healthPort === undefined
      ? undefined
      : await startHealthServer({
          port: options.healthPort,
          bindAddress: deps.bindAddress ?? '127.0.0.1',
          report,
        })
  await runTogether(runs, options, deps)
  // As a service it stays: its engine would start it again and again, and call it unhealthy in between.
  if (options.healthPort !== undefined) await untilAborted(deps.signal)
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** One source answers for itself; both, as a list. */
function reportOf(statuses: readonly GeneratorStatus[]): unknown {
  return statuses.length === 1 ? statuses[0] : statuses
}

interface Run {
  readonly table: GeneratedTable
  readonly status: GeneratorStatus
}

/** A defect in one ends the other too; the first reason is the one that is thrown. */
async function runTogether(runs: readonly Run[], options: MoodleOptions, deps: GenerateDeps): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([deps.signal, failed.signal])
  const shared = { clock: systemClock, random: Math.random, ...deps, signal }
  await Promise.allSettled(
    runs.map(run => runGenerator({ ...run, options, deps: shared }).catch(error => failed.abort(error))),
  )
  signal.throwIfAborted()
}
