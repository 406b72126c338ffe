import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { openConnect } from './open-connect.ts'

export function addGetPluginsCommand(get: Command, shell: Shell): void {
  get
    .command('plugins')
    .alias('plugin')
    .description('the connectors that can be made here')
    .option('--all', 'converters, transformations and predicates, too', false)
    .action(async ({ all }: { all: boolean }, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const plugins = await connect.plugins({ connectorsOnly: !all })
      const rows = plugins.map(({ class: name, type, version }) => ({
        class: name,
        type,
        version: version ?? null,
      }))
      printRows(shell, rows, { output: globalOptions(command).output, columns: ['type', 'class', 'version'] })
    })
}
