import type { Command } from 'commander'
import type { Connector } from '../../connect/connect-api.ts'
import type { Row } from '../../output/format-rows.ts'
import { kindOf } from '../../plan/connector-kind.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { chooseConnectors } from '../connectors/choose-connectors.ts'
import { openConnect } from '../connectors/open-connect.ts'

export function addGetDlqCommand(get: Command, shell: Shell): void {
  get
    .command('dlq [sinks...]')
    .description('records that sinks could not land and that were put aside, by cause')
    .action(async (names: string[], _options: object, command: Command) => {
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { readDeadLetters } = await import('../../bad-records/dead-letters.ts')
      const { groupLetters } = await import('../../bad-records/group-letters.ts')
      const { context, connect } = await openConnect(shell, command)
      const sinks = chooseConnectors(await connect.list(), { names, isRegexp: false }).filter(isSink)
      const access = await context.kafka()
      await using progress = openSinkProgress(async () => access)
      const groups: Row[] = []
      for (const sink of sinks) {
        const letters = await readDeadLetters(sink, { access, progress, signal: shell.signal })
        groups.push(...groupLetters(sink, letters).map(group => ({ ...group })))
      }
      printRows(shell, groups, {
        output: globalOptions(command).output,
        columns: ['connector', 'topic', 'stage', 'records', 'open', 'cause'],
        wideColumns: ['connector', 'topic', 'stage', 'records', 'open', 'keys', 'cause'],
        toCells: row => ({ ...row, keys: keysOf(row) }),
      })
      if (groups.length === 0) shell.writeErr('no record was put aside\n')
    })
}

const isSink = ({ config, type }: Connector) => kindOf(config, type).side === 'sink'

const shownKeys = 5

function keysOf({ letters }: Row): string {
  const keys = (letters as readonly { readonly key: unknown }[]).map(({ key }) => JSON.stringify(key))
  return [...keys.slice(0, shownKeys), ...(keys.length > shownKeys ? ['…'] : [])].join(' ')
}
