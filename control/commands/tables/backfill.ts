import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import { TribError } from '../../errors/trib-error.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { openTables } from './open-tables.ts'

interface BackfillOptions {
  readonly where?: string
  readonly dryRun: boolean
  readonly wait: boolean
}

export function addBackfillCommand(program: Command, shell: Shell): void {
  program
    .command('backfill <service> <tables...>')
    .description('read rows of tables again, in chunks between the changes, none of which they overtake')
    .option('--where <condition>', 'only these rows: an SQL condition, as after WHERE')
    .option('--dry-run', 'only count the rows; ends with 3', false)
    .option('--no-wait', 'it goes on by itself')
    .action(async (service: string, words: string[], options: BackfillOptions, command: Command) => {
      const session = await openTables(shell, command, service)
      const { context, source } = session
      const { planBackfill } = await import('../../backfill/plan-backfill.ts')
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { openSource } = await import('../../pipelines/open-source.ts')
      const { readRows } = await import('./read-and-verify.ts')
      const { signal } = shell
      await using database = await openSource(context, source, { applicationName: 'trib backfill', signal })
      const plan = await planBackfill({
        ...{ source, database, service: database.service, words, where: options.where },
      })
      const startedAt = performance.now()
      if (!options.dryRun) {
        await using progress = openSinkProgress(() => context.kafka())
        await readRows(shell, plan.wanted, { ...session, ...plan, progress, isWaiting: options.wait })
      }
      const result = options.dryRun ? 'would be read' : options.wait ? 'landed' : 'asked for'
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10
      const rows = plan.wanted.map(({ table, rows, where = null }) => ({
        ...{ table: `${table.schema}.${table.table}`, rows, where, result, seconds },
      }))
      const columns = ['table', 'rows', 'result', 'seconds']
      printRows(shell, rows, { output: globalOptions(command).output, columns })
      if (options.dryRun) shell.exitWith(exitCodes.planHasChanges)
    })
}

const done = { pause: 'paused', resume: 'running', stop: 'stopped' } as const

/** `pause backfill SERVICE` and the like: connectors have these verbs, too. */
export async function steerBackfillOf(
  shell: Shell,
  command: Command,
  { verb, words }: { readonly verb: keyof typeof done; readonly words: readonly string[] },
): Promise<void> {
  const [service, ...rest] = words
  if (service === undefined || rest.length > 0) {
    throw new TribError('USAGE', `whose backfill is to ${verb}? One database or source is to be named`, {
      hint: `npx trib ${verb} backfill community-db`,
    })
  }
  const session = await openTables(shell, command, service)
  const { context, source, connect } = session
  const { steerBackfill } = await import('../../backfill/steer.ts')
  const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
  const { openSource } = await import('../../pipelines/open-source.ts')
  const { signalTopicModel } = await import('../../backfill/signal.ts')
  const { signal } = shell
  await using database = await openSource(context, source, { applicationName: 'trib backfill', signal })
  await using progress = openSinkProgress(() => context.kafka())
  const model = signalTopicModel(source)
  const open = await steerBackfill({
    ...{ verb, source, connect, database, progress, model, signal },
  })
  const rows = open.map(({ collection: table, where = null }) => ({ table, where, result: done[verb] }))
  printRows(shell, rows, { output: globalOptions(command).output, columns: ['table', 'result'] })
}
