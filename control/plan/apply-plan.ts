import type { ConnectClient, Connector, InitialState } from '../connect/connect-api.ts'
import { changedKeys } from '../connect/same-config.ts'
import type { DeclaredConnector, DeclaredState } from '../declared/declared-connector.ts'
import { assertNever } from '../errors/assert-never.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import type { History, HistoryKind } from '../history/history.ts'
import { waitFor } from '../system/retry.ts'
import { shownName } from './describe-plan.ts'
import type { ChangeKind, PlannedChange } from './planned-change.ts'

export interface AppliedChange {
  /** (Default: a connector) */
  readonly resource?: 'topic'
  readonly name: string
  readonly kind: ChangeKind
  readonly outcome: 'done' | 'unchanged' | 'failed' | 'not-begun'
  /** What went wrong. */
  readonly error: TribError | undefined
}

interface ApplyOptions {
  readonly connect: ConnectClient
  readonly plan: readonly PlannedChange[]
  readonly declared: readonly DeclaredConnector[]
  /** What the plan was made from. */
  readonly live: readonly Connector[]
  readonly history: Pick<History, 'append' | 'latest'>
  /** How a changed config is called in the history. (Default: as its change) */
  readonly keptAs?: 'patch' | 'rollback' | undefined
  /** Nothing is begun, and that is told of each. (Default: false) */
  readonly isCalledOff?: boolean
  readonly signal: AbortSignal
  readonly onApplied: (change: AppliedChange) => void
}

/** Carries out a plan, one connector after the other; a failure stops none of the others, unless Connect is gone. */
export async function applyPlan(options: ApplyOptions): Promise<readonly AppliedChange[]> {
  const { plan, signal, onApplied } = options
  const applied: AppliedChange[] = []
  let { isCalledOff = false } = options
  for (const change of plan) {
    const { name, kind } = change
    const outcome = await (isCalledOff || signal.aborted
      ? Promise.resolve({ outcome: 'not-begun', error: undefined } as const)
      : attempt(change, options))
    // A worker that answers nobody answers the next connector neither.
    if (outcome.error?.code === 'CONNECT_FAILED' && outcome.error.isRetriable) isCalledOff = true
    const result = { name, kind, ...outcome }
    applied.push(result)
    onApplied(result)
  }
  return applied
}

type Outcome = Pick<AppliedChange, 'outcome' | 'error'>

async function attempt(change: PlannedChange, options: ApplyOptions): Promise<Outcome> {
  try {
    await carryOut(change, options)
    return { outcome: change.kind === 'none' ? 'unchanged' : 'done', error: undefined }
  } catch (error) {
    if (options.signal.aborted) return { outcome: 'failed', error: interrupted(change) }
    const known =
      error instanceof TribError ? error : new TribError('INTERNAL', messageOf(error), { cause: error })
    return { outcome: 'failed', error: known }
  }
}

export const interrupted = (change: PlannedChange) =>
  new TribError('INTERRUPTED', `${shownName(change)}: ended while its change was under way`, {
    hint: 'npx trib apply again goes on from there',
  })

async function carryOut({ name, kind }: PlannedChange, options: ApplyOptions): Promise<void> {
  const { connect, history, keptAs } = options
  const desired = options.declared.find(one => one.name === name)
  const before = options.live.find(one => one.name === name)
  const { config, state } = desired ?? {}
  const keep = async (as: HistoryKind) => {
    await history.append({ name, kind: as, config: as === 'delete' ? before?.config : config, state })
  }
  switch (kind) {
    case 'none':
      // Declared here and deployed by somebody else, just so: from now on it is ours.
      return desired && !keptAs && !(await history.latest(name)) ? keep('configure') : undefined
    case 'create':
      if (!desired) break
      await connect.create(name, desired.config, initialState(desired.state))
      await keep('create')
      return untilHeld(name, initialState(desired.state), options)
    case 'configure':
      if (!desired) break
      await refuseIfChanged(connect, { name, kind }, before)
      await keepFound(history, before)
      await connect.putConfig(name, desired.config)
      // Kept as soon as it is so: what follows may fail.
      await keep(keptAs ?? 'configure')
      await changeState(connect, desired, before)
      return untilHeld(name, heldState(desired, before), options)
    case 'set-state':
      if (!desired) break
      await changeState(connect, desired, before)
      return keep(keptAs ?? 'set-state')
    case 'restart':
      return connect.restart(name, { includeTasks: true, onlyFailed: true })
    case 'delete':
      await refuseIfChanged(connect, { name, kind }, before)
      await keepFound(history, before)
      await connect.delete(name)
      return keep('delete')
    default:
      return assertNever(kind)
  }
}

/** A connector that was just written has no state for a moment: to the next plan it would look like a running one. */
async function untilHeld(name: string, wanted: InitialState | undefined, { connect, signal }: ApplyOptions) {
  if (wanted === undefined) return
  const look = async () => {
    const seen = (await connect.status(name))?.state
    return seen === wanted ? { done: undefined } : { pending: seen ?? 'no state' }
  }
  await waitFor(look, {
    what: `${name} to be ${wanted.toLowerCase()}`,
    deadlineMs: 10_000,
    intervalMs: 50,
    signal,
  })
}

/** What somebody else deployed is kept before it is replaced, so that `rollback` brings that back, too. */
export async function keepFound(
  history: Pick<History, 'append' | 'latest'>,
  found: Connector | undefined,
): Promise<void> {
  if (!found) return
  const latest = await history.latest(found.name)
  if (latest?.config && changedKeys(latest.config, found.config).length === 0) return
  await history.append({ name: found.name, kind: 'found', config: found.config, state: undefined })
}

/** Connect knows no "only if unchanged"; looking right before writing leaves milliseconds instead of minutes. */
async function refuseIfChanged(
  connect: ConnectClient,
  { name, kind }: Pick<PlannedChange, 'name' | 'kind'>,
  before: Connector | undefined,
): Promise<void> {
  const now = await connect.config(name)
  // What was to go is gone.
  if (!now && kind === 'delete') return
  const keys = now && before ? changedKeys(before.config, now) : []
  if (now && keys.length === 0) return
  throw changedMeanwhile(name, now && keys)
}

/** `keys`: those that are not as they were; undefined: all of it is gone. */
export function changedMeanwhile(shown: string, keys: readonly string[] | undefined): TribError {
  const were = keys?.length === 1 ? 'was' : 'were'
  const what = keys ? `its ${keys.join(', ')} ${were} changed` : 'it was deleted'
  return new TribError(
    'CHANGED_MEANWHILE',
    `${shown} was left as it is: ${what} by somebody else meanwhile`,
    {
      hint: 'npx trib diff -f FILE shows how it differs now',
    },
  )
}

/** Running is what Connect does by itself; older ones refuse to be told. */
function initialState(state: DeclaredState | undefined): InitialState | undefined {
  if (state === 'paused') return 'PAUSED'
  return state === 'stopped' ? 'STOPPED' : undefined
}

/** Paused or stopped, as declared, or as it was where the file does not say. */
function heldState({ state }: DeclaredConnector, before: Connector | undefined): InitialState | undefined {
  if (state !== undefined) return initialState(state)
  return before?.state === 'PAUSED' || before?.state === 'STOPPED' ? before.state : undefined
}

async function changeState(
  connect: ConnectClient,
  { name, state }: DeclaredConnector,
  before: Connector | undefined,
): Promise<void> {
  const isRunning = before?.state !== 'PAUSED' && before?.state !== 'STOPPED'
  if (state === 'running' && !isRunning) await connect.resume(name)
  if (state === 'paused' && before?.state !== 'PAUSED') await connect.pause(name)
  if (state === 'stopped' && before?.state !== 'STOPPED') await connect.stop(name)
}
