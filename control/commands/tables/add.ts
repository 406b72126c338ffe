import type { Command } from 'commander'
import { exitCodes } from '../../errors/error-codes.ts'
import type { SinkProgress } from '../../kafka/sink-progress.ts'
import { named } from '../../output/shell-words.ts'
import { globalOptions, printDocument, type Shell } from '../../shell.ts'
import type { Addition } from '../../tables/plan-addition.ts'
import { renderReport, type VerifyReport } from '../../verify/verify-report.ts'
import { confirm } from '../connectors/confirm.ts'
import { openTables, type TablesSession } from './open-tables.ts'

interface AddOptions {
  readonly dryRun: boolean
  readonly yes: boolean
  readonly wait: boolean
}

export function addAddCommand(program: Command, shell: Shell): void {
  program
    .command('add')
    .description('more tables of a source that flows')
    .command('table <service> <tables...>')
    .alias('tables')
    .description(
      "topic, publication, rights, landing table, old rows, verify; the others flow on. A pattern such as 'public.*' leaves out what cannot be added",
    )
    .option('--dry-run', 'only show the plan; ends with 3', false)
    .option('--yes', 'without asking', false)
    .option('--no-wait', 'leave the old rows to come by themselves, and do not verify')
    .action(async (service: string, words: string[], options: AddOptions, command: Command) => {
      const session = await openTables(shell, command, service)
      await addTables(shell, command, { ...session, ...options, service, words })
    })
}

interface Asked extends TablesSession, AddOptions {
  readonly service: string
  readonly words: readonly string[]
}

async function addTables(shell: Shell, command: Command, asked: Asked): Promise<void> {
  const { service, words, context } = asked
  // Loaded here: `--help` and the other commands do not wait for it.
  const { planAddition } = await import('../../tables/plan-addition.ts')
  const { describeAddition } = await import('../../tables/describe-addition.ts')
  const { openSinkProgress } = await import('../../kafka/sink-progress.ts')
  const addition = await planAddition({ ...asked, signal: shell.signal })
  if (asked.dryRun) {
    await print(shell, command, { addition, verified: undefined, isPlanOnly: true })
    return shell.exitWith(exitCodes.planHasChanges)
  }
  if (asked.wait) await refuseStandstill(addition)
  shell.writeErr(describeAddition(addition))
  const count = addition.plan.ways.length
  const what = `${count} ${count === 1 ? 'table' : 'tables'} would be added`
  const again = `npx trib add table ${named([service, ...words], '--yes')}`
  await confirm(shell, { isYes: asked.yes, what, again })
  await using progress = openSinkProgress(() => context.kafka())
  const verified = await carryOut(shell, { ...asked, addition, progress, again })
  await print(shell, command, { addition, verified })
  for (const { exit } of verified?.tables ?? []) shell.exitWith(exit)
  tellOfFiles(shell, asked, addition)
}

/** The old rows would never come, and nobody could verify. */
async function refuseStandstill({ plan }: Addition): Promise<void> {
  const { findStandstill } = await import('../../verify/find-standstill.ts')
  for (const connector of [plan.source, plan.sink]) {
    const standstill = findStandstill(connector.name, connector)
    if (standstill) throw standstill
  }
}

interface CarryOut extends Asked {
  readonly addition: Addition
  readonly progress: SinkProgress
  readonly again: string
}

async function carryOut(shell: Shell, options: CarryOut): Promise<VerifyReport | undefined> {
  const { addition, connect, history, wait: isWaiting } = options
  const { applyAddition } = await import('../../tables/add-tables.ts')
  const { readRows, verifyNewTables } = await import('./read-and-verify.ts')
  const { plan, rows } = addition
  await applyAddition({ ...options, signal: shell.signal, onStep: text => shell.writeErr(`${text}\n`) })
  for (const [{ name, config }, patch] of [
    [plan.sink, plan.sinkPatch],
    [plan.source, plan.sourcePatch],
  ] as const) {
    await history.append({ name, kind: 'patch', config: { ...config, ...patch }, state: undefined })
  }
  const wanted = plan.ways.map(way => ({ table: way.table, rows: rows.get(way) ?? 0 }))
  // As they are from now on: the sink reads what it did not before.
  const connectors = await connect.list()
  await readRows(shell, wanted, { ...options, ...plan, connectors, connect, isWaiting })
  if (!isWaiting) {
    shell.writeErr('the rows that are there are on their way\n')
    return undefined
  }
  const tables = plan.ways.map(({ table }) => table)
  return verifyNewTables(shell, { ...options, tables, deadlineMs: 120_000 })
}

interface Result {
  readonly addition: Addition
  readonly verified: VerifyReport | undefined
  /** Nothing was changed. (Default: false) */
  readonly isPlanOnly?: boolean
}

async function print(
  shell: Shell,
  command: Command,
  { addition, verified, isPlanOnly = false }: Result,
): Promise<void> {
  const { changesOf, describeAddition } = await import('../../tables/describe-addition.ts')
  const { plan, leftOut, notes, rows } = addition
  const document = {
    source: plan.source.name,
    sink: plan.sink.name,
    tables: plan.ways.map(way => ({
      table: `${way.table.schema}.${way.table.table}`,
      topic: way.topic,
      target: way.target?.table ?? null,
      rows: rows.get(way) ?? 0,
    })),
    ...{ changes: changesOf(addition), leftOut, notes },
    verify: verified
      ? { equal: verified.equal, tables: verified.tables.map(({ exit: _, ...one }) => one) }
      : null,
  }
  const flows = plan.ways
    .map(
      ({ table }) => `${table.schema}.${table.table} flows from ${plan.source.name} to ${plan.sink.name}\n`,
    )
    .join('')
  const toText = () => {
    if (isPlanOnly) return describeAddition(addition)
    const report = verified ? renderReport(verified, { repairCommand: 'npx trib verify --repair' }) : ''
    return shell.toPaste(`${flows}${report}`)
  }
  printDocument(shell, document, { output: globalOptions(command).output, toText })
}

function tellOfFiles(shell: Shell, { context }: Asked, { plan }: Addition): void {
  if (Object.keys({ ...plan.sourcePatch, ...plan.sinkPatch }).length === 0) return
  const names = [plan.source.name, plan.sink.name]
  const to = context.kind === 'local' ? '--to connectors/moodle --force' : ''
  shell.writeErr(
    `write it into the files, or the next apply takes it out again:\n  → npx trib export ${named(names, to)}\n`,
  )
}
