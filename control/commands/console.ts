import { type Command, InvalidArgumentError, Option } from 'commander'
import { globalOptions, type Shell } from '../shell.ts'

interface ConsoleOptions {
  readonly port: number
  readonly readOnly: boolean
  readonly inStack: boolean
}

export function addConsoleCommand(program: Command, shell: Shell): void {
  program
    .command('console')
    .description('serve the web console until ^C; the local stack has one already, see `trib status`')
    .option('--port <port>', 'where it listens, on 127.0.0.1 (0: any that is free)', toPort, 27_161)
    .option('--read-only', 'show everything, change nothing', false)
    .addOption(
      new Option('--in-stack', 'as a service of the stack: everything stands in the environment').hideHelp(),
    )
    .action(async ({ port, readOnly, inStack = false }: ConsoleOptions, command: Command) => {
      const { context: contextName, stack: stackName, debug } = globalOptions(command)
      // Loaded here: `--help` and the other commands do not wait for it.
      const { startConsole } = await import('../console/start-console.ts')
      await startConsole(shell, {
        ...{ port, contextName, stackName, isInStack: inStack },
        isReadOnly: readOnly || shell.env['CONSOLE_READ_ONLY'] === 'true',
        log: shell.log({ isDebug: debug, hasTime: inStack }),
      }).catch(error => {
        // That is how a service is stopped: it was asked to.
        if (error !== shell.signal.reason || error.cause !== 'SIGTERM') throw error
      })
    })
}

function toPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new InvalidArgumentError('a port is a number from 0 to 65535')
}
