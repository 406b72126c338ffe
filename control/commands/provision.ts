import type { Command } from 'commander'
import { globalOptions, printDocument, type Shell } from '../shell.ts'
import { openSession } from '../stack/session.ts'

export function addProvisionCommand(program: Command, shell: Shell): void {
  program
    .command('provision')
    .description('make the dashboards that analytics/ declares; the same again changes nothing')
    .command('metabase')
    .description('the administrator, the warehouse, the questions and the dashboard of Metabase (profile bi)')
    .action(async (_options: unknown, command: Command) => {
      const { stack, output } = globalOptions(command)
      const session = await openSession(shell, { stackName: stack })
      // Loaded here: `--help` and the other commands do not wait for it.
      const { provisionStack } = await import('../metabase/provision-stack.ts')
      const { url, changes } = await provisionStack(session, shell.signal)
      const list = changes.length === 0 ? 'nothing changed' : changes.join('\n')
      shell.writeErr(`${list}\n`)
      printDocument(shell, { url, changes }, { output, toText: () => `${url}\n` })
    })
}
