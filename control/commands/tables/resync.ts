import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import { named } from '../../output/shell-words.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import { renderReport } from '../../verify/verify-report.ts'
import { confirm } from '../connectors/confirm.ts'
import { openTables } from './open-tables.ts'

interface ResyncOptions {
  readonly dryRun: boolean
  readonly yes: boolean
}

/**
 * Rows are read again over those that are there, and what the source lacks is deleted afterwards, by key: readers of
 * the warehouse never see a table without its rows, as they would if it were emptied first.
 */
export function addResyncCommand(program: Command, shell: Shell): void {
  program
    .command('resync')
    .description('tables anew, from all their rows')
    .command('table <service> <tables...>')
    .alias('tables')
    .description('read all rows of a table again, then mend what still differs; no row is missing meanwhile')
    .option('--dry-run', 'only count the rows; ends with 3', false)
    .option('--yes', 'without asking', false)
    .action(async (service: string, words: string[], options: ResyncOptions, command: Command) => {
      const session = await openTables(shell, command, service)
      const { context, source } = session
      const { planBackfill } = await import('../../backfill/plan-backfill.ts')
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { openSource } = await import('../../pipelines/open-source.ts')
      const { readRows, verifyTables } = await import('./read-and-verify.ts')
      const { signal } = shell
      await using database = await openSource(context, source, { applicationName: 'trib resync', signal })
      const plan = await planBackfill({ source, database, service: database.service, words })
      const tables = plan.wanted.map(({ table, rows }) => ({ table: `${table.schema}.${table.table}`, rows }))
      const { output } = globalOptions(command)
      const told = tables.map(({ table, rows }) => `${rows.toLocaleString('en')} rows of ${table}`).join(', ')
      if (options.dryRun) {
        const toText = () => `${source.name} would read ${told} again\n`
        printDocument(shell, { source: source.name, tables, verify: null }, { output, toText })
        return shell.exitWith(exitCodes.planHasChanges)
      }
      const what = `${source.name} would read ${told} again, and what the source lacks would be deleted in the warehouse`
      const again = `npx trib resync table ${named([service, ...words], '--yes')}`
      await confirm(shell, { isYes: options.yes, what, again })
      await using progress = openSinkProgress(() => context.kafka())
      await readRows(shell, plan.wanted, { ...session, ...plan, progress, isWaiting: true })
      const names = plan.wanted.map(({ table }) => table)
      const report = await verifyTables(shell, {
        ...{ ...session, progress, tables: names, deadlineMs: 120_000, isRepairing: true },
      })
      const verify = { equal: report.equal, tables: report.tables.map(({ exit: _, ...one }) => one) }
      const toText = () => shell.toPaste(renderReport(report, { repairCommand: 'npx trib verify --repair' }))
      printDocument(shell, { source: source.name, tables, verify }, { output, toText })
      for (const { exit } of report.tables) shell.exitWith(exit)
    })
}
