import type { Command } from 'commander'
import { Option } from 'commander'
import { TribError } from '../../errors/trib-error.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { nearest } from '../../topology/nearest.ts'
import { openConnect } from './open-connect.ts'

export function addGetLoggersCommand(get: Command, shell: Shell): void {
  get
    .command('loggers [names...]')
    .alias('logger')
    .description("the worker's loggers and their levels; a name stands for all below it, too")
    .action(async (names: string[], _options: unknown, command: Command) => {
      const { connect } = await openConnect(shell, command)
      const loggers = await connect.loggers()
      for (const name of names) {
        if (loggers.some(logger => isBelow(logger.name, name))) continue
        const guess = nearest(
          name,
          loggers.map(logger => logger.name),
        )
        throw new TribError(
          'USAGE',
          `no logger is named '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
          {
            hint: 'npx trib get loggers',
          },
        )
      }
      const chosen = loggers.filter(
        ({ name }) => names.length === 0 || names.some(above => isBelow(name, above)),
      )
      const rows = chosen.map(({ name, level, lastModifiedMs }) => ({
        logger: name,
        level,
        changed: lastModifiedMs === undefined ? null : new Date(lastModifiedMs).toISOString(),
      }))
      printRows(shell, rows, { output: globalOptions(command).output })
    })
}

const isBelow = (name: string, above: string) => name === above || name.startsWith(`${above}.`)

export function addPatchLoggersCommand(patch: Command, shell: Shell): void {
  patch
    .command('loggers <logger> <level>')
    .alias('logger')
    .description('how much a logger and those below it say, until the worker restarts')
    .addOption(
      new Option('--scope <scope>', 'every worker, or the one that answers')
        .choices(['cluster', 'worker'])
        .default('cluster'),
    )
    .action(
      async (logger: string, level: string, { scope }: { scope: 'cluster' | 'worker' }, command: Command) => {
        const { connect } = await openConnect(shell, command)
        const touched = await connect.setLogLevel(logger, level.toUpperCase(), scope)
        const count =
          touched.length > 0 ? ` (${touched.length} ${touched.length === 1 ? 'logger' : 'loggers'})` : ''
        const where = scope === 'cluster' ? 'every worker' : 'one worker'
        printRows(shell, [{ logger, level: level.toUpperCase(), scope }], {
          output: globalOptions(command).output,
        })
        shell.writeErr(
          `set on ${where}${count}; a restart of the worker brings back what its log4j2.properties says\n`,
        )
      },
    )
}
