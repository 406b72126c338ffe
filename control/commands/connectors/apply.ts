import { type Command, InvalidArgumentError } from 'commander'
import type { DeclaredConnector } from '../../declared/declared-connector.ts'
import { exitCodes } from '../../errors/error-codes.ts'
import { describeError } from '../../errors/trib-error.ts'
import { shellWord } from '../../output/shell-words.ts'
import { type AppliedChange, applyPlan } from '../../plan/apply-plan.ts'
import { describePlan, shownName } from '../../plan/describe-plan.ts'
import { isRisky, type PlannedChange } from '../../plan/planned-change.ts'
import { untilSettled } from '../../plan/until-settled.ts'
import { globalOptions, printRows, type Shell } from '../../shell.ts'
import { confirm } from './confirm.ts'
import { printPlan } from './diff.ts'
import { addFileOptions } from './file-options.ts'
import { type ConnectSession, openConnect } from './open-connect.ts'
import { type FileOptions, type PreparedPlan, preparePlan, readFiles, refuseInvalid } from './prepare-plan.ts'
import { type PreparedTopics, prepareTopics } from './prepare-topics.ts'
import { refuseUnhealthy } from './refuse-unhealthy.ts'
import { refuseToPruneAll } from './require-connectors.ts'

interface ApplyOptions extends FileOptions {
  readonly dryRun: boolean
  readonly wait: boolean
  readonly timeout: number
  readonly prune: boolean
  readonly yes: boolean
  readonly allowUnknown: boolean
  readonly doctor: boolean
}

export function addApplyCommand(program: Command, shell: Shell): void {
  const apply = program
    .command('apply')
    .description('make the connectors be as the files declare them; the same again changes nothing')
    .option('--dry-run', 'validate and show the plan only; ends with 3 if there is something', false)
    .option('--wait', 'until every connector and all its tasks run', false)
    .option('--timeout <seconds>', 'how long --wait waits', toSeconds, 60)
    .option('--prune', 'delete what was applied from here and is no longer declared', false)
    .option('--yes', 'go on even where a position is lost or a snapshot is taken again', false)
    .option('--allow-unknown', 'let keys through that no plugin knows', false)
    .option('--no-doctor', 'do not look into the databases first')
  addFileOptions(apply).action(async (options: ApplyOptions, command: Command) => {
    const files = await readFiles(shell, options)
    refuseToPruneAll(files, { ...options, command: 'apply' })
    const { connectors: declared, topics } = files
    const session = await openConnect(shell, command)
    const { context, connect, history } = session
    const ofTopics = await prepareTopics(shell, context, topics)
    const prepared = await preparePlan({ declared, connect, history, isPruning: options.prune })
    const written = prepared.plan.filter(({ kind }) => kind === 'create' || kind === 'configure')
    await refuseInvalid(shell, {
      connect,
      declared: declared.filter(({ name }) => written.some(change => change.name === name)),
      isAllowingUnknown: options.allowUnknown,
    })
    if (options.doctor) {
      const names = new Set(written.map(({ name }) => name))
      await refuseUnhealthy(shell, session, { ...prepared, names, files: options.file })
    }
    if (options.dryRun) return printPlan(shell, command, [...ofTopics.plan, ...prepared.plan])
    await carryOut(shell, command, session, {
      ...prepared,
      ...options,
      ofTopics,
      again: flag => againOf(options, flag),
    })
  })
}

export interface CarryOutOptions extends PreparedPlan {
  /** They come first: connectors write to them. */
  readonly ofTopics?: PreparedTopics
  readonly yes: boolean
  readonly wait: boolean
  readonly timeout: number
  readonly keptAs?: 'patch' | 'rollback'
  /** The same command, to be pasted. */
  readonly again: (flag?: '--yes') => string
}

/** Shows the plan, asks where it is risky, carries it out, and says what was done and what was not. */
export async function carryOut(
  shell: Shell,
  command: Command,
  { connect, history }: ConnectSession,
  options: CarryOutOptions,
): Promise<void> {
  const { declared, live, keptAs, ofTopics } = options
  const plan = [...(ofTopics?.plan ?? []), ...options.plan]
  const { output } = globalOptions(command)
  const isForPeople = output === 'table' || output === 'wide'
  if (plan.some(({ kind }) => kind !== 'none')) shell.writeErr(describePlan(plan))
  const risky = plan.filter(isRisky)
  if (risky.length > 0)
    await confirm(shell, { isYes: options.yes, what: describeRisk(risky), again: options.again('--yes') })

  const onApplied = (change: AppliedChange) => {
    if (isForPeople) shell.writeOut(lineOf(change))
  }
  const made = ofTopics ? await makeTopics(shell, ofTopics, onApplied) : []
  const connected = await applyPlan({
    connect,
    plan: options.plan,
    declared,
    live,
    history,
    keptAs,
    // A connector would make the topic that it misses, with whatever the brokers give by default.
    isCalledOff: made.some(({ kind, outcome }) => kind === 'create' && outcome === 'failed'),
    signal: shell.signal,
    onApplied,
  })
  const applied = [...made, ...connected]
  const failures = applied.flatMap(({ error }) => error ?? [])
  const settled = options.wait
    ? await waitFor(shell, connect, { applied: connected, declared, timeout: options.timeout })
    : []
  for (const failure of [...failures, ...settled]) {
    shell.writeErr(describeError(failure))
    shell.exitWith(failure.exitCode === exitCodes.usage ? exitCodes.failed : failure.exitCode)
  }
  const undone = applied.filter(({ outcome }) => outcome === 'failed' || outcome === 'not-begun')
  if (undone.length > 0) {
    const names = undone.map(shownName).join(', ')
    shell.exitWith(shell.signal.aborted ? exitCodes.interrupted : exitCodes.failed)
    shell.writeErr(`not done: ${names}; the same command goes on from there:\n  → ${options.again()}\n`)
  }
  if (!isForPeople) printRows(shell, toRows(plan, applied), { output })
}

async function makeTopics(
  shell: Shell,
  { access, plan, topics: declared, live }: PreparedTopics,
  onApplied: (change: AppliedChange) => void,
): Promise<readonly AppliedChange[]> {
  if (!access) return []
  const { changeTopics } = await import('../../plan/change-topics.ts')
  return changeTopics(access, plan, { declared, live, signal: shell.signal, onApplied })
}

interface WaitOptions {
  readonly applied: readonly AppliedChange[]
  readonly declared: readonly DeclaredConnector[]
  readonly timeout: number
}

async function waitFor(shell: Shell, connect: ConnectSession['connect'], options: WaitOptions) {
  const { applied, declared, timeout } = options
  const isDone = (name: string) =>
    applied.some(
      change => change.name === name && (change.outcome === 'done' || change.outcome === 'unchanged'),
    )
  const wanted = new Map(declared.filter(({ name }) => isDone(name)).map(({ name, state }) => [name, state]))
  if (wanted.size === 0) return []
  return untilSettled({
    connect,
    wanted,
    deadlineMs: timeout * 1000,
    signal: shell.signal,
    onProgress: () => {},
  })
}

/** The reasons stand in the plan, which was just shown. */
function describeRisk(risky: readonly PlannedChange[]): string {
  return risky.map(change => `to ${change.kind} ${shownName(change)} ${change.risk}`).join(', ')
}

const verbs = {
  create: 'created',
  configure: 'configured',
  'set-state': 'state changed',
  restart: 'restarted',
  delete: 'deleted',
  none: 'unchanged',
} as const

function lineOf(change: AppliedChange): string {
  const { kind, outcome } = change
  const word = outcome === 'done' || outcome === 'unchanged' ? verbs[kind] : outcome.replace('-', ' ')
  return `${word.padEnd(13)}  ${shownName(change)}\n`
}

function toRows(plan: readonly PlannedChange[], applied: readonly AppliedChange[]) {
  return plan.map(({ resource, name, kind, risk, keys, notes }, index) => {
    const { outcome, error } = applied[index] ?? {}
    const names = keys.map(({ key }) => key)
    const one = { name, kind, risk, keys: names, notes, outcome, error: error?.message ?? null }
    return resource ? { resource, ...one } : one
  })
}

function againOf({ file, name, prune, wait, allowUnknown }: ApplyOptions, flag?: '--yes'): string {
  const parts = [
    ...file.map(path => `-f ${shellWord(path)}`),
    name !== undefined && `-n ${shellWord(name)}`,
    prune && '--prune',
    wait && '--wait',
    allowUnknown && '--allow-unknown',
    flag,
  ]
  return ['npx trib apply', ...parts.filter(Boolean)].join(' ')
}

function toSeconds(text: string): number {
  const seconds = Number(text)
  if (!Number.isFinite(seconds) || seconds <= 0) throw new InvalidArgumentError('a number of seconds above 0')
  return seconds
}
