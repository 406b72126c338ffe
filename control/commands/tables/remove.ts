import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import { named } from '../../output/shell-words.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import type { Removal } from '../../tables/open-removal.ts'
import { confirm } from '../connectors/confirm.ts'
import { openTables } from './open-tables.ts'

interface RemoveOptions {
  readonly drop: boolean
  readonly dryRun: boolean
  readonly yes: boolean
}

export function addRemoveCommand(program: Command, shell: Shell): void {
  program
    .command('remove')
    .description('tables of a source that are to flow no more')
    .command('table <service> <tables...>')
    .alias('tables')
    .description('source, sink, publication, trigger and rights forget the table; what has landed stays')
    .option('--drop', 'the landing table and the topic go, too; they cannot be brought back', false)
    .option('--dry-run', 'only show the plan; ends with 3', false)
    .option('--yes', 'without asking', false)
    .action(async (service: string, words: string[], options: RemoveOptions, command: Command) => {
      const session = await openTables(shell, command, service)
      const { openRemoval } = await import('../../tables/open-removal.ts')
      const { removeTables } = await import('../../tables/remove-tables.ts')
      const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
      const { signal } = shell
      const removal = await openRemoval({ ...session, words, isDropping: options.drop, signal })
      const lines = linesOf(removal)
      const print = (isDone: boolean) => {
        const document = { ...documentOf(removal), isDone }
        const toText = () => (isDone ? resultOf(removal) : lines)
        printDocument(shell, document, { output: globalOptions(command).output, toText })
      }
      if (options.dryRun) {
        print(false)
        return shell.exitWith(exitCodes.planHasChanges)
      }
      shell.writeErr(lines)
      const names = removal.plan.removed.map(({ table }) => `${table.schema}.${table.table}`).join(', ')
      const what = `${names} would flow no more${options.drop ? ', and what has landed would be dropped for good' : ''}`
      const again = `npx trib remove table ${named([service, ...words], options.drop ? '--drop --yes' : '--yes')}`
      await confirm(shell, { isYes: options.yes, what, again })
      await using progress = openSinkProgress(() => session.context.kafka())
      await removeTables({
        ...{ ...session, removal, progress, signal, again },
        onStep: text => shell.writeErr(`${text}\n`),
      })
      await keep(session, removal)
      print(true)
    })
}

async function keep({ history }: Awaited<ReturnType<typeof openTables>>, { plan }: Removal): Promise<void> {
  for (const [connector, patch] of [
    [plan.source, plan.sourcePatch],
    [plan.sink, plan.sinkPatch],
  ] as const) {
    if (!connector || Object.keys(patch).length === 0) continue
    const config = { ...connector.config, ...patch }
    await history.append({ name: connector.name, kind: 'patch', config, state: undefined })
  }
}

function documentOf({ plan, statements, drops, landing }: Removal) {
  return {
    source: plan.source.name,
    sink: plan.sink?.name ?? null,
    tables: plan.removed.map(({ table, topic }) => ({ table: `${table.schema}.${table.table}`, topic })),
    statements: [...statements, ...drops].map(({ database, sql }) => ({ database, sql })),
    landing: landing.map(table => ({ table, isKept: drops.length === 0 })),
  }
}

function linesOf({ plan, statements, drops }: Removal): string {
  const names = plan.removed.map(({ table }) => `${table.schema}.${table.table}`).join(', ')
  const lines = [
    `${plan.source.name}: table.include.list - ${names}; its task starts anew, and its other tables wait for some seconds`,
    ...(plan.sink
      ? [`${plan.sink.name}: topics - ${plan.removed.map(({ topic }) => topic).join(', ')}`]
      : []),
    ...[...statements, ...drops].map(({ database, sql }) => `${database}: ${sql}`),
    ...(drops.length > 0 ? plan.removed.map(({ topic }) => `kafka: the topic ${topic} is removed`) : []),
  ]
  return lines.map(line => `  ${line}\n`).join('')
}

function resultOf({ plan, drops, landing }: Removal): string {
  const names = plan.removed.map(({ table }) => `${table.schema}.${table.table}`)
  const kept =
    drops.length > 0 || landing.length === 0 ? '' : `; ${landing.join(', ')} stays in the warehouse as it is`
  return names.map(name => `${name} flows no more from ${plan.source.name}${kept}\n`).join('')
}
