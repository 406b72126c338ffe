import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import { messageOf } from '../../errors/trib-error.ts'
import { nagiosCodes, nagiosLine } from '../../health/nagios.ts'
import { type HealthReport, type HealthState, worstState } from '../../health/report.ts'
import { formatTable } from '../../output/table.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { findPipeline, lookTwiceIfNeeded, openHealth } from './look.ts'

/** Not to know is not to be healthy. */
const exitOf: Readonly<Record<HealthState, number>> = {
  ok: exitCodes.ok,
  unknown: exitCodes.degraded,
  degraded: exitCodes.degraded,
  failed: exitCodes.broken,
}

export function addHealthCommand(program: Command, shell: Shell): void {
  program
    .command('health [name]')
    .description('whether every pipeline is well: the worst of all its hops, why, and what helps')
    .option(
      '--nagios',
      'one line for Nagios and its kin, with performance data; ends with 0, 1, 2 or 3',
      false,
    )
    .addHelpText('after', '\nEnds with 0 when all is well, 5 when degraded or not known, 6 when failed.')
    .action(async (name: string | undefined, { nagios }: { nagios: boolean }, command: Command) => {
      if (nagios) return printNagios(shell, () => lookAt(shell, command, name))
      const report = await lookAt(shell, command, name)
      printDocument(shell, toDocument(report), {
        output: globalOptions(command).output,
        toText: () => toText(report),
      })
      shell.exitWith(exitOf[report.state])
    })
}

async function lookAt(shell: Shell, command: Command, name: string | undefined): Promise<HealthReport> {
  const report = await lookTwiceIfNeeded(await openHealth(shell, command))
  if (name === undefined || report.pipelines.length === 0) return report
  const pipeline = findPipeline(report.pipelines, name)
  const { cause, command: helps } = pipeline
  return { state: worstState([pipeline.state]), cause, command: helps, pipelines: [pipeline] }
}

/** A monitor that gets no line, or an exit code that it does not know, shows neither. */
async function printNagios(shell: Shell, run: () => Promise<HealthReport>): Promise<void> {
  try {
    const report = await run()
    shell.writeOut(nagiosLine(report))
    shell.exitWith(nagiosCodes[report.state])
  } catch (error) {
    shell.signal.throwIfAborted()
    shell.writeOut(`UNKNOWN - ${messageOf(error).split('\n')[0]?.replaceAll('|', '/')}\n`)
    shell.exitWith(nagiosCodes.unknown)
  }
}

/** Where pipelines were seen, each says its own cause; the cluster's stands there only when it is all there is. */
function toDocument({ state, cause, command, pipelines }: HealthReport) {
  return pipelines.length > 0 ? { state, pipelines } : { state, pipelines, cause, command }
}

function toText({ state, cause, command, pipelines }: HealthReport): string {
  if (pipelines.length === 0) return `${state}: ${cause}\n${command ? `  → ${command}\n` : ''}`
  const rows = pipelines.map(pipeline => ({
    pipeline: pipeline.name,
    state: pipeline.state,
    freshness: pipeline.freshnessSeconds === null ? '?' : `${pipeline.freshnessSeconds} s`,
    lag: pipeline.lagRecords ?? '?',
    cause: pipeline.cause ?? '',
  }))
  const commands = [...new Set(pipelines.flatMap(({ command: helps }) => helps ?? []))]
  return `${formatTable(rows)}${commands.map(helps => `  → ${helps}\n`).join('')}`
}
