import { type Command, InvalidArgumentError } from 'commander'
import { globalOptions, type Shell } from '../shell.ts'
import { findService, openSession } from '../stack/session.ts'

interface LogsOptions {
  readonly follow?: boolean
  readonly tail?: number
}

export function addLogsCommand(program: Command, shell: Shell): void {
  program
    .command('logs <service>')
    .description("print a service's log")
    .option('-f, --follow', 'go on with what comes, until ^C')
    .option('-n, --tail <lines>', 'only its last lines (Default: all)', parseCount)
    .action(async (name: string, { follow = false, tail }: LogsOptions, command: Command) => {
      const { stack } = globalOptions(command)
      const { engine, topology } = await openSession(shell, { stackName: stack })
      const service = findService(topology, name)
      await engine.logs(service, { isFollowing: follow, tail, signal: shell.signal, write: shell.writeOut })
      shell.signal.throwIfAborted()
    })
}

function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
