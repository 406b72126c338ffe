import type { Command } from 'commander'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { openConnect } from '../connectors/open-connect.ts'

export function addGetBackfillsCommand(get: Command, shell: Shell): void {
  get
    .command('backfills')
    .alias('backfill')
    .description('tables whose rows are being read again, and those that wait for it')
    .action(async (_options: unknown, command: Command) => {
      const { connect, context } = await openConnect(shell, command)
      const { readBackfills } = await import('../../backfill/read-backfills.ts')
      const rows = await readBackfills({
        ...{ context, connect, connectors: await connect.list(), signal: shell.signal },
        onUnreached: (source, sentence) => shell.writeErr(`${source}: ${sentence}\n`),
      })
      printRows(
        shell,
        rows.map(row => ({ ...row })),
        {
          output: globalOptions(command).output,
          columns: ['source', 'table', 'where', 'state', 'rows', 'percent'],
        },
      )
    })
}
