import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { openConnect } from './open-connect.ts'

export function addDescribePluginCommand(describe: Command, shell: Shell): void {
  describe
    .command('plugin <class>')
    .description('every key of a plugin: its type, its default, what it does (-o wide)')
    .action(async (pluginClass: string, _options: unknown, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const keys = await connect.pluginKeys(pluginClass)
      const rows = keys.map(({ name, type, isRequired, defaultValue, importance, documentation }) => ({
        key: name,
        type,
        required: isRequired,
        default: defaultValue ?? null,
        importance,
        documentation,
      }))
      printRows(shell, rows, {
        output: globalOptions(command).output,
        columns: ['key', 'type', 'required', 'default', 'importance'],
        wideColumns: ['key', 'type', 'required', 'default', 'importance', 'documentation'],
        toCells: row => ({ ...row, required: row['required'] ? 'yes' : '' }),
      })
    })
}
