import type { Command } from 'commander'
import type { ConnectorOffset } from '../../connect/connect-api.ts'
import { maskValue } from '../../declared/secrets.ts'
import { describeOffset, describePartition } from '../../offsets/plan-offsets.ts'
import type { Row } from '../../output/format-rows.ts'
import { formatTable } from '../../output/table.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { findConnector } from './choose-connectors.ts'
import { declaredTopics } from './connector-rows.ts'
import { openConnect } from './open-connect.ts'

export function addDescribeConnectorCommand(describe: Command, shell: Shell): void {
  describe
    .command('connector <name>', { isDefault: true })
    .description('one connector: state, tasks with their failures, offsets, topics, config')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { connect, history } = await openConnect(shell, command)
      const connector = findConnector(await connect.list(), name)
      const [offsets, topics, latest] = await Promise.all([
        connect.offsets(name),
        connect.topics(name),
        history.latest(name),
      ])
      const report = {
        name,
        type: connector.type,
        class: connector.config['connector.class'] ?? '',
        state: connector.state,
        worker: connector.workerId,
        trace: connector.trace ?? null,
        tasks: connector.tasks.map(({ id, state, workerId, trace }) => ({
          ...{ id, state, worker: workerId },
          trace: trace ?? null,
        })),
        topics: [...new Set([...declaredTopics(connector), ...topics])].sort(),
        offsets,
        applied: latest ? { revision: latest.revision, at: latest.at, kind: latest.kind } : null,
        config: Object.fromEntries(
          Object.entries(connector.config)
            .map(([key, value]) => [key, maskValue(key, value)] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      }
      printDocument(shell, report, { output: globalOptions(command).output, toText: () => toText(report) })
    })
}

interface Report extends Row {
  readonly name: string
  readonly type: string
  readonly class: string
  readonly state: string
  readonly worker: string
  readonly trace: string | null
  readonly tasks: readonly { id: number; state: string; worker: string; trace: string | null }[]
  readonly topics: readonly string[]
  readonly offsets: readonly ConnectorOffset[]
  readonly applied: { readonly revision: number; readonly at: string; readonly kind: string } | null
  readonly config: Readonly<Record<string, string>>
}

function toText(report: Report): string {
  const { name, type, state, worker, tasks, applied } = report
  const facts = [
    ['name', name],
    ['type', type],
    ['class', report.class],
    ['state', state],
    ['worker', worker],
    ['applied', applied ? `revision ${applied.revision} (${applied.kind}), ${applied.at}` : 'not from here'],
  ].map(([key = '', value = '']) => `${key.padEnd(8)} ${value}\n`)
  const failures = [
    ...(report.trace ? [`connector:\n${indent(report.trace)}`] : []),
    ...tasks.flatMap(task => (task.trace ? [`task ${name}/${task.id}:\n${indent(task.trace)}`] : [])),
  ]
  const offsets = report.offsets
    .map(({ partition, offset }) => ({
      partition: describePartition(partition),
      offset: describeOffset(offset),
    }))
    .sort((a, b) => (a.partition < b.partition ? -1 : 1))
  const config = Object.entries(report.config).map(([key, value]) => ({ key, value }))
  return [
    facts.join(''),
    section(
      'tasks',
      tasks.length === 0 ? '' : formatTable(tasks.map(({ id, state, worker }) => ({ id, state, worker }))),
    ),
    failures.length > 0 ? section('failures', failures.join('')) : '',
    section('topics', report.topics.map(topic => `${topic}\n`).join('')),
    section('offsets', offsets.length === 0 ? '' : formatTable(offsets)),
    section('config', formatTable(config)),
  ].join('')
}

function section(title: string, text: string): string {
  return `\n${title}\n${text === '' ? '  none\n' : indent(text)}`
}

function indent(text: string): string {
  return `${text
    .trimEnd()
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')}\n`
}
