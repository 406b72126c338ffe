import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { failureOf } from '../connect/failure-of.ts'
import type { DeclaredState } from '../declared/declared-connector.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { waitFor } from '../system/retry.ts'

interface SettleOptions {
  readonly connect: ConnectClient
  /** undefined: running, or paused or stopped if that is how it was found. */
  readonly wanted: ReadonlyMap<string, DeclaredState | undefined>
  readonly deadlineMs: number
  readonly signal: AbortSignal
  /** Whether what fails is restarted, once. (Default: false) */
  readonly isRestarting?: boolean
  readonly onProgress: (detail: string) => void
  readonly clock?: Clock
}

/** A task that was just configured or restarted may still show the failure from before. */
const graceMs = 5_000
const graceAfterRestartMs = 20_000

/** Waits until every connector and all its tasks are as they should be; gives those that failed, and why. */
export async function untilSettled(options: SettleOptions): Promise<readonly TribError[]> {
  const { connect, wanted, deadlineMs, signal, isRestarting = false, onProgress } = options
  const { clock = systemClock } = options
  const failingSince = new Map<string, number>()
  const restarted = new Set<string>()

  const judge = async (name: string, live: Connector | undefined): Promise<Verdict> => {
    const failure = live && failureOf(live)
    if (failure === undefined) {
      failingSince.delete(name)
      const pending = pendingReason(live, wanted.get(name))
      return pending === undefined ? { kind: 'settled' } : { kind: 'pending', reason: `${name}: ${pending}` }
    }
    const since = failingSince.get(name) ?? clock.now()
    failingSince.set(name, since)
    if (isRestarting && !restarted.has(name)) {
      restarted.add(name)
      await connect.restart(name, { includeTasks: true, onlyFailed: true })
    }
    const patienceMs = isRestarting ? graceAfterRestartMs : graceMs
    if (clock.now() - since < patienceMs)
      return { kind: 'pending', reason: `${name} still failed: ${failure}` }
    const hint = `npx trib describe ${named(name)}`
    return {
      kind: 'failed',
      error: new TribError('CONNECTOR_FAILED', `${name} failed: ${failure}`, { hint }),
    }
  }

  const what = `${[...wanted.keys()].join(', ')} to run`
  return waitFor(
    async () => {
      const byName = new Map((await connect.list()).map(live => [live.name, live]))
      const verdicts: Verdict[] = []
      for (const name of wanted.keys()) verdicts.push(await judge(name, byName.get(name)))
      const pending = verdicts.flatMap(verdict => (verdict.kind === 'pending' ? verdict.reason : []))
      if (pending.length > 0) {
        onProgress(pending[0] ?? '')
        return { pending: pending.join('; ') }
      }
      return { done: verdicts.flatMap(verdict => (verdict.kind === 'failed' ? verdict.error : [])) }
    },
    { what, deadlineMs, signal, clock, hint: 'npx trib get connectors' },
  )
}

type Verdict =
  | { readonly kind: 'settled' }
  | { readonly kind: 'pending'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: TribError }

/** undefined: it is as it should be. */
function pendingReason(live: Connector | undefined, wanted: DeclaredState | undefined): string | undefined {
  if (!live) return 'not known yet'
  const tasks = live.tasks.map(({ state }) => state)
  const seen = [live.state, ...tasks].join(', ')
  const isPaused = live.state === 'PAUSED' && tasks.every(state => state === 'PAUSED')
  const isStopped = live.state === 'STOPPED' && tasks.length === 0
  const isRunning = live.state === 'RUNNING' && tasks.length > 0 && tasks.every(state => state === 'RUNNING')
  const isSettled = {
    running: isRunning,
    paused: isPaused,
    stopped: isStopped,
    any: isRunning || isPaused || isStopped,
  }[wanted ?? 'any']
  if (isSettled) return undefined
  return tasks.length === 0 ? `${live.state}, no task yet` : seen
}
