import type { Command } from 'commander'
import { failureOf } from '../../connect/failure-of.ts'
import { type Explanation, explain } from '../../health/explain.ts'
import { judge } from '../../health/judge.ts'
import { readOf } from '../../health/unread.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { look, openHealth, pipelinesOf } from './look.ts'

export function addExplainCommand(program: Command, shell: Shell): void {
  program
    .command('explain <name>')
    .description('the state of a connector or a pipeline in words: what happens, why, what to do')
    .action(async (name: string, _options: unknown, command: Command) => {
      const snapshot = await look(await openHealth(shell, command))
      const pipelines = pipelinesOf(judge(snapshot))
      const connectors = readOf(snapshot.connectors) ?? []
      const explanation = explain(name, { connectors, pipelines, failureOf })
      printDocument(
        shell,
        { ...explanation },
        {
          output: globalOptions(command).output,
          toText: () => toText(explanation),
        },
      )
    })
}

function toText({ what, why, command, rule, innermost }: Explanation): string {
  return [
    ['what', what],
    ['why', why ?? 'nothing is wrong'],
    ['do', command ?? (why === null ? 'nothing' : 'no command of trib mends this; see why')],
    ...(rule ? [['known', `as ${rule}`]] : []),
    ...(innermost ? [['trace', innermost]] : []),
  ]
    .map(([key = '', value = '']) => `${key.padEnd(6)} ${value.replaceAll('\n', '\n       ')}\n`)
    .join('')
}
