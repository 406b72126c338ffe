import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { openConnect } from './open-connect.ts'

export function addGetTopicsCommand(get: Command, shell: Shell): void {
  get
    .command('topics [names...]')
    .alias('topic')
    .description('the topics that connectors have read or written since they were made')
    .option('-e, --regexp', 'the names are patterns', false)
    .action(async (names: string[], { regexp }: { regexp: boolean }, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const chosen = chooseConnectors(await connect.list(), { names, isRegexp: regexp })
      const rows = await Promise.all(
        chosen.map(async ({ name, type }) =>
          [...(await connect.topics(name))].sort().map(topic => ({ topic, connector: name, type })),
        ),
      )
      printRows(shell, rows.flat(), {
        output: globalOptions(command).output,
        columns: ['connector', 'topic'],
      })
    })
}
