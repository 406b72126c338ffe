import type { Command } from 'commander'
import { judge } from '../../health/judge.ts'
import type { HopReport, PipelineReport, TableReport } from '../../health/report.ts'
import { bytes, duration } from '../../health/words.ts'
import { formatTable } from '../../output/table.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { betweenLooksMs, findPipeline, look, openHealth, pipelinesOf } from './look.ts'

export function addDescribePipelineCommand(describe: Command, shell: Shell): void {
  describe
    .command('pipeline <name>')
    .alias('pipelines')
    .description('one pipeline, table by table and hop by hop')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = await openHealth(shell, command)
      // Two looks: how soon a slot is full is a rate.
      const before = await look(options)
      findPipeline(pipelinesOf(judge(before)), name)
      await options.clock.wait(betweenLooksMs, options.signal)
      const report = findPipeline(pipelinesOf(judge(await look(options), { before })), name)
      printDocument(
        shell,
        { ...report },
        {
          output: globalOptions(command).output,
          toText: () => toText(report),
        },
      )
    })
}

function toText(report: PipelineReport): string {
  const facts = [
    ['name', report.name],
    ['source', report.source ?? 'none'],
    ['sink', report.sink ?? 'none'],
    ['state', report.state],
    ['fresh', report.freshnessSeconds === null ? 'not known' : `${report.freshnessSeconds} s ago`],
    [
      'lag',
      report.lagRecords === null ? 'not known' : `${report.lagRecords} records not confirmed by the sink`,
    ],
    ...(report.cause ? [['cause', report.cause]] : []),
    ...(report.command ? [['helps', report.command]] : []),
  ].map(([key = '', value = '']) => `${key.padEnd(8)} ${value}\n`)
  const hops = report.hops.map(hop => ({ hop: hop.hop, state: hop.state, seen: describeFacts(hop) }))
  return [
    facts.join(''),
    `\nhops\n${indent(formatTable(hops))}`,
    `\ntables\n${report.tables.length === 0 ? '  none\n' : indent(formatTable(report.tables.map(toCells)))}`,
  ].join('')
}

function toCells(table: TableReport) {
  return {
    table: table.table ?? '?',
    topic: table.topic,
    lands_in: table.target ?? '?',
    source_changes: table.sourceChanges ?? '?',
    records: table.topicEnd ?? '?',
    warehouse_changes: table.targetChanges ?? '?',
    lag: table.lagRecords ?? '?',
  }
}

function describeFacts({ facts, cause }: HopReport): string {
  const known = Object.entries(facts).flatMap(([key, value]) =>
    value === null || value === '' || key === 'failure' ? [] : [`${wordOf(key)} ${readable(key, value)}`],
  )
  return [...(cause ? [cause] : []), known.join(', ')].filter(Boolean).join(' · ')
}

/** `retainedBytes` is `retained`, as its value shows the unit. */
function wordOf(key: string): string {
  return key.replace(/(Bytes|Seconds|Percent)$/, '').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

function readable(key: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  if (key.endsWith('Bytes')) return bytes(value)
  if (key.endsWith('Percent')) return `${value} %`
  return /^seconds|Seconds$/.test(key) ? duration(value) : String(value)
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
