import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import { describePlan, toRows } from '../../plan/describe-plan.ts'
import type { PlannedChange } from '../../plan/planned-change.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { addFileOptions } from './file-options.ts'
import { openConnect } from './open-connect.ts'
import { type FileOptions, preparePlan, readFiles } from './prepare-plan.ts'
import { prepareTopics } from './prepare-topics.ts'
import { refuseToPruneAll } from './require-connectors.ts'

interface DiffOptions extends FileOptions {
  readonly prune: boolean
}

export function addDiffCommand(program: Command, shell: Shell): void {
  const diff = program
    .command('diff')
    .description('what apply would change, and what each change risks; ends with 3 if there is something')
    .option('--prune', 'also what was applied from here and is no longer declared', false)
  addFileOptions(diff).action(async (options: DiffOptions, command: Command) => {
    const files = await readFiles(shell, options)
    refuseToPruneAll(files, { ...options, command: 'diff' })
    const { connectors: declared, topics } = files
    const { context, connect, history } = await openConnect(shell, command)
    const ofTopics = await prepareTopics(shell, context, topics)
    const { plan } = await preparePlan({ declared, connect, history, isPruning: options.prune })
    printPlan(shell, command, [...ofTopics.plan, ...plan])
  })
}

/** A plan as the result of a command; its exit code says whether there is something to do. */
export function printPlan(shell: Shell, command: Command, plan: readonly PlannedChange[]): void {
  const { output } = globalOptions(command)
  if (output === 'table' || output === 'wide') shell.writeOut(describePlan(plan))
  else printRows(shell, toRows(plan), { output })
  if (plan.some(({ kind }) => kind !== 'none')) shell.exitWith(exitCodes.planHasChanges)
}
