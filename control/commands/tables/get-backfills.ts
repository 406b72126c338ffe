import type { Command } from 'commander'
import { kindOf } from '../../plan/connector-kind.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { openConnect } from '../connectors/open-connect.ts'

export function addGetBackfillsCommand(get: Command, shell: Shell): void {
  get
    .command('backfills')
    .alias('backfill')
    .description('tables whose rows are being read again, and those that wait for it')
    .action(async (_options: unknown, command: Command) => {
      const { connect, context } = await openConnect(shell, command)
      const { readSnapshots } = await import('../../backfill/read-snapshots.ts')
      const { isPaused } = await import('../../backfill/steer.ts')
      const { openSource } = await import('../../pipelines/open-source.ts')
      const { signal } = shell
      const sources = (await connect.list()).filter(
        ({ config, type }) => kindOf(config, type).debezium === 'postgres',
      )
      const rows = []
      for (const source of sources) {
        const { open } = readSnapshots(await connect.offsets(source.name))
        if (open.length === 0) continue
        await using database = await openSource(context, source, {
          ...{ applicationName: 'trib get backfills', signal },
        })
        const atWork = (await isPaused(source, database)) ? 'paused' : 'running'
        rows.push(
          ...open.map(({ collection, where = null }, place) => ({
            ...{ source: source.name, table: collection, where, state: place === 0 ? atWork : 'waiting' },
          })),
        )
      }
      const columns = ['source', 'table', 'where', 'state']
      printRows(shell, rows, { output: globalOptions(command).output, columns })
    })
}
