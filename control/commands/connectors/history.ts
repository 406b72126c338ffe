import type { Command } from 'commander'
import { sameConfig } from '../../connect/same-config.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { History, Revision, RevisionSummary } from '../../history/history.ts'
import { named } from '../../output/shell-words.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { nearest } from '../../topology/nearest.ts'
import { carryOut } from './apply.ts'
import { printPlan } from './diff.ts'
import { openConnect } from './open-connect.ts'
import { preparePlan, refuseInvalid } from './prepare-plan.ts'

export function addHistoryCommand(program: Command, shell: Shell): void {
  program
    .command('history [name]')
    .description('every change that was applied from here, newest first')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const { history } = await openConnect(shell, command)
      const revisions = name === undefined ? await history.list() : await revisionsOf(history, name)
      const rows = revisions.map(({ name, revision, at, kind, keys, state }) => ({
        ...{ name, revision, at, kind },
        keys,
        state: state ?? null,
      }))
      printRows(shell, rows, {
        output: globalOptions(command).output,
        columns: ['name', 'revision', 'at', 'kind', 'keys'],
        toCells: row => ({ ...row, keys: shorten(row['keys']) }),
      })
    })
}

function shorten(keys: unknown): string {
  const names = Array.isArray(keys) ? keys.map(String) : []
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

async function revisionsOf(history: History, name: string): Promise<readonly RevisionSummary[]> {
  const revisions = await history.list(name)
  if (revisions.length > 0) return revisions
  const names = [...new Set((await history.list()).map(one => one.name))]
  const guess = nearest(name, names)
  throw new TribError(
    'CONNECTOR_UNKNOWN',
    `nothing was applied from here under the name '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
    { hint: 'npx trib history' },
  )
}

interface RollbackOptions {
  readonly to?: string
  readonly dryRun: boolean
  readonly wait: boolean
  readonly yes: boolean
}

export function addRollbackCommand(program: Command, shell: Shell): void {
  program
    .command('rollback <name>')
    .description('bring back a config that was applied before: the last but one, or --to REVISION')
    .option('--to <revision>', 'the number that history shows')
    .option('--dry-run', 'validate and show the plan only; ends with 3 if there is something', false)
    .option('--wait', 'until it and all its tasks run', false)
    .option('--yes', 'go on even where a position is lost or a snapshot is taken again', false)
    .action(async (name: string, options: RollbackOptions, command: Command) => {
      const session = await openConnect(shell, command)
      const { connect, history } = session
      const { revision, config, state, isMasked } = await findRevision(history, name, options.to)
      if (!config)
        throw new TribError('USAGE', `revision ${revision} of ${name} has no config`, {
          hint: `npx trib history ${named(name)}`,
        })
      if (isMasked) {
        throw new TribError(
          'SECRET_LITERAL',
          `revision ${revision} of ${name} had a secret in clear, which was not kept: it cannot be brought back`,
          { hint: `npx trib history ${named(name)}` },
        )
      }
      const declared = [{ name, config, state, origin: { file: `revision ${revision}`, line: undefined } }]
      const prepared = await preparePlan({ declared, connect, history })
      await refuseInvalid(shell, { connect, declared, isAllowingUnknown: true })
      if (options.dryRun) return printPlan(shell, command, prepared.plan)
      const again = (flag = '') => `npx trib rollback ${named(name, `--to ${revision} ${flag}`.trim())}`
      await carryOut(shell, command, session, {
        ...prepared,
        ...options,
        timeout: 60,
        again,
        keptAs: 'rollback',
      })
    })
}

/** Without a number: the newest one whose config is another than the last, or the last one if it was deleted. */
async function findRevision(history: History, name: string, wanted: string | undefined): Promise<Revision> {
  const revisions = await revisionsOf(history, name)
  if (wanted !== undefined) {
    const found = await history.get(name, Number(wanted))
    if (found) return found
    throw new TribError('USAGE', `${name} has no revision ${wanted}`, {
      hint: `revisions: ${revisions.map(({ revision }) => revision).join(', ')}`,
    })
  }
  const latest = await history.latest(name)
  for (const { revision } of revisions) {
    const one = await history.get(name, revision)
    if (!one?.config || one.kind === 'delete') continue
    if (latest?.kind === 'delete' || !sameConfig(one.config, latest?.config ?? {})) return one
  }
  throw new TribError('USAGE', `${name} has had only one config so far`, {
    hint: `npx trib history ${named(name)}`,
  })
}
