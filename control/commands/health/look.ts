import type { Command } from 'commander'
import { createConnectClient } from '../../connect/connect-client.ts'
import { openContext } from '../../contexts/open-context.ts'
import { TribError } from '../../errors/trib-error.ts'
import { judge, needsSecondLook } from '../../health/judge.ts'
import type { ObserveOptions } from '../../health/observe.ts'
import type { HealthReport, PipelineReport } from '../../health/report.ts'
import type { Snapshot } from '../../health/snapshot.ts'
import { globalOptions, type Shell } from '../../shell.ts'
import { systemClock } from '../../system/clock.ts'
import { nearest } from '../../topology/nearest.ts'

/** What every command about pipelines begins with. */
export async function openHealth(shell: Shell, command: Command): Promise<ObserveOptions> {
  const { context: contextName, stack: stackName } = globalOptions(command)
  const context = await openContext(shell, { contextName, stackName })
  const { name, kind, statusHint } = context
  // A look is one request that should be quick: a cluster that does not answer is told of, not waited for.
  const connect = createConnectClient(await context.connect(), {
    ...{ signal: shell.signal, stackHint: statusHint, deadlineMs: 5_000, unreachableDeadlineMs: 500 },
  })
  const cluster = {
    ...{ context: name, kind, statusHint, contextOption: contextName },
    stackOption: kind === 'local' ? stackName : undefined,
  }
  return { context, connect, clock: systemClock, signal: shell.signal, cluster }
}

/** Loaded here: `--help` and the other commands do not wait for the clients of Postgres and Kafka. */
export async function look(options: ObserveOptions): Promise<Snapshot> {
  const { observe } = await import('../../health/observe.ts')
  return observe(options)
}

/** How long between two looks that are compared. */
export const betweenLooksMs = 1_000

/** One look, and a second one where a single one cannot tell what is stuck. */
export async function lookTwiceIfNeeded(options: ObserveOptions): Promise<HealthReport> {
  const before = await look(options)
  const report = judge(before)
  if (!needsSecondLook(report)) return report
  await options.clock.wait(betweenLooksMs, options.signal)
  return judge(await look(options), { before })
}

/** Fails as the other commands do where no pipeline could be seen at all. */
export function pipelinesOf({ cause, command, pipelines }: HealthReport): readonly PipelineReport[] {
  if (pipelines.length > 0 || cause === 'no connector is deployed') return pipelines
  throw new TribError('CONNECT_FAILED', cause ?? 'no pipeline could be seen', { hint: command ?? undefined })
}

export function findPipeline<T extends { readonly name: string }>(pipelines: readonly T[], name: string): T {
  const found = pipelines.find(pipeline => pipeline.name === name)
  if (found) return found
  const names = pipelines.map(pipeline => pipeline.name)
  const guess = nearest(name, names)
  throw new TribError('USAGE', `there is no pipeline '${name}'${guess ? `; did you mean '${guess}'?` : ''}`, {
    hint:
      names.length > 0
        ? `pipelines: ${names.join(', ')}`
        : 'none is deployed; npx trib apply -f FILE makes one',
  })
}
