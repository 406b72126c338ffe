import type { Command } from 'commander'
import { exitCodes } from '../errors/error-codes.ts'
import { TribError } from '../errors/trib-error.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import type { FollowEvent } from '../schema/follow-event.ts'
import { globalOptions, printRows, type Shell } from '../shell.ts'
import { openConnect } from './connectors/open-connect.ts'
import { findPipeline } from './health/look.ts'

interface FollowCommandOptions {
  readonly once: boolean
}

export function addFollowCommand(program: Command, shell: Shell): void {
  program
    .command('follow [pipeline]')
    .description('keep the landing tables as their sources are, while rows flow, until ^C')
    .option('--once', 'look once, do what is to be done, and end', false)
    .addHelpText(
      'after',
      '\nColumns that are added, dropped or widened are followed. A rename, another change of type and a table\nof another name wait for a person: the sentence and the command are printed; with --once it ends with 6.',
    )
    .action(async (pipeline: string | undefined, { once }: FollowCommandOptions, command: Command) => {
      // Loaded here: `--help` and the other commands do not wait for it.
      const { followSchemas } = await import('../schema/follow-schemas.ts')
      const { openSinkProgress } = await import('../kafka/sink-progress.ts')
      const { output } = globalOptions(command)
      const { context, connect } = await openConnect(shell, command)
      if (pipeline !== undefined) findPipeline(readPipelines({ connectors: await connect.list() }), pipeline)
      await using progress = openSinkProgress(() => context.kafka())
      const { signal } = shell
      const seen: FollowEvent[] = []
      const isDocument = once && output !== 'table' && output !== 'wide'
      const onEvent = (told: FollowEvent) => {
        const event = told.command === undefined ? told : { ...told, command: shell.toPaste(told.command) }
        seen.push(event)
        if (!isDocument) shell.writeOut(output === 'table' ? line(event) : `${JSON.stringify(event)}\n`)
        if (once && event.level !== 'info')
          shell.exitWith(exitCodes[event.level === 'error' ? 'broken' : 'degraded'])
      }
      try {
        await followSchemas({ ...{ context, connect, progress, pipeline, signal, onEvent }, isOnce: once })
      } catch (error) {
        // ^C is how it is meant to end.
        if (!(error instanceof TribError && error.code === 'INTERRUPTED') || once) throw error
      }
      if (isDocument) printRows(shell, seen.map(toRow), { output })
    })
}

const toRow = ({
  level,
  object,
  sentence,
  command = null as string | null,
}: Omit<FollowEvent, 'command'> & { readonly command?: string | null | undefined }) => ({
  level,
  object,
  sentence,
  command,
})

function line({ level, object, sentence, command }: FollowEvent): string {
  const prefix = level === 'info' ? '' : `${level}: `
  return `${prefix}${object}: ${sentence}\n${command === undefined ? '' : `  → ${command}\n`}`
}
