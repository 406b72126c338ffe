import type { Command } from 'commander'
import { judge } from '../../health/judge.ts'
import type { PipelineReport } from '../../health/report.ts'
import type { Row } from '../../output/format-rows.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { findPipeline, look, openHealth, pipelinesOf } from './look.ts'

export function addGetPipelinesCommand(get: Command, shell: Shell): void {
  get
    .command('pipelines [names...]')
    .alias('pipeline')
    .description('every way from a source to a sink: its tables, its state, how late it is')
    .action(async (names: string[], _options: unknown, command: Command) => {
      const all = pipelinesOf(judge(await look(await openHealth(shell, command))))
      const chosen = names.length === 0 ? all : [...new Set(names)].map(name => findPipeline(all, name))
      printRows(shell, chosen.map(toRow), {
        output: globalOptions(command).output,
        columns: ['name', 'source', 'sink', 'tables', 'state', 'lag', 'freshness'],
        wideColumns: ['name', 'source', 'sink', 'tables', 'state', 'lag', 'freshness', 'slot', 'cause'],
        toCells,
      })
    })
}

function toRow({ name, source, sink, state, cause, command, ...rest }: PipelineReport): Row {
  const { lagRecords, lagSeconds, freshnessSeconds, tables, hops } = rest
  return {
    ...{ name, source, sink, tables, state, lagRecords, lagSeconds, freshnessSeconds },
    ...{
      slotUsedPercent: hops.find(({ hop }) => hop === 'slot')?.facts['usedPercent'] ?? null,
      cause,
      command,
    },
  }
}

function toCells({ tables, lagRecords, freshnessSeconds, slotUsedPercent, ...row }: Row): Row {
  const names = isTables(tables) ? tables.map(({ table, topic }) => table ?? topic) : []
  return {
    ...row,
    source: row['source'] ?? 'none',
    sink: row['sink'] ?? 'none',
    tables: names.join(', '),
    lag: lagRecords ?? '?',
    freshness: freshnessSeconds === null ? '?' : `${freshnessSeconds} s`,
    slot: slotUsedPercent === null ? '' : `${slotUsedPercent} %`,
  }
}

function isTables(value: unknown): value is PipelineReport['tables'] {
  return Array.isArray(value)
}
