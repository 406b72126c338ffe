import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { chooseConnectors } from './choose-connectors.ts'
import { toConnectorCells, toConnectorRow } from './connector-rows.ts'
import { openConnect } from './open-connect.ts'

export function addGetConnectorsCommand(get: Command, shell: Shell): void {
  get
    .command('connectors [names...]')
    .alias('connector')
    .description('every connector with its state and its tasks')
    .option('-e, --regexp', 'the names are patterns', false)
    .action(async (names: string[], { regexp }: { regexp: boolean }, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const chosen = chooseConnectors(await connect.list(), { names, isRegexp: regexp })
      printRows(shell, chosen.map(toConnectorRow), {
        output: globalOptions(command).output,
        columns: ['name', 'type', 'state', 'tasks'],
        wideColumns: ['name', 'type', 'state', 'tasks', 'worker', 'class', 'topics'],
        toCells: toConnectorCells,
      })
    })
}
