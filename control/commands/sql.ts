import type { Command } from 'commander'
import { TribError } from '../errors/trib-error.ts'
import { globalOptions, printDocument, printRows, type Shell } from '../shell.ts'
import { databaseOf } from '../stack/database-address.ts'
import { findService, openSession } from '../stack/session.ts'

export function addSqlCommand(program: Command, shell: Shell): void {
  program
    .command('sql <service> <query>')
    .description("run SQL in a service's database, as its local owner")
    .action(async (name: string, query: string, _options: unknown, called: Command) => {
      const { stack, output } = globalOptions(called)
      const { topology } = await openSession(shell, { stackName: stack })
      const address = databaseOf(findService(topology, name))
      if (!address) {
        throw new TribError('USAGE', `${name} is no database`, {
          hint: `databases: ${topology.services
            .filter(databaseOf)
            .map(service => service.name)
            .join(', ')}`,
        })
      }
      // Loaded here: `--help` and the other commands do not wait for it.
      const { openDatabase } = await import('../database/connect.ts')
      const { runQuery } = await import('../database/run-query.ts')
      await using database = await openDatabase({
        ...address,
        applicationName: 'trib sql',
        times: 'text',
        signal: shell.signal,
      })
      const result = await runQuery(database, query, name)
      if (result.kind === 'count') {
        const { command, rowCount } = result
        printDocument(shell, { rowCount }, { output, toText: () => `${command} ${rowCount}\n` })
        return
      }
      printRows(shell, result.rows, { output, columns: result.columns })
      if (output === 'table')
        shell.writeErr(`(${result.rows.length} ${result.rows.length === 1 ? 'row' : 'rows'})\n`)
    })
}
