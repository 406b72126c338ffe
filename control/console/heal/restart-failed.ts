import type { ConnectClient } from '../../connect/connect-api.ts'
import { assertNever } from '../../errors/assert-never.ts'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import type { Clock } from '../../system/clock.ts'
import type { Note } from '../activity.ts'
import type { Severity } from '../messages.ts'
import type { Job, JobAccess } from '../run-jobs.ts'
import type { Observation } from '../watch/observation.ts'
import { connectorSights } from './connector-sights.ts'
import {
  type ConnectorSight,
  type Decision,
  decideRestart,
  type Episode,
  mostAttempts,
} from './decide-restart.ts'

export interface RestartFailedOptions extends JobAccess {
  readonly connect: Pick<ConnectClient, 'restart'>
  readonly clock: Clock
}

interface Remembered {
  readonly episode: Episode | undefined
  /** A look that began before that does not show what came of it. */
  readonly actedAtMs: number
}

/** Restarts what has failed for a reason that a restart mends: with growing delays, and not for ever. */
export function restartFailed(options: RestartFailedOptions): Job {
  const { counts, clock, nextObservation } = options
  // Kept when the job begins again: its attempts are counted all the same.
  const remembered = new Map<string, Remembered>()
  const attendTo = async (sight: ConnectorSight, { snapshot, tookMs }: Observation) => {
    const { name, condition } = sight
    const { episode: before, actedAtMs = 0 } = remembered.get(name) ?? {}
    if (snapshot.atMs - tookMs < actedAtMs) return
    const { decision, episode } = decideRestart(sight, before, clock.now())
    remembered.set(name, { episode, actedAtMs })
    if (condition !== 'failed') counts.leave(name, false)
    const hasActed = await carryOut(decision, sight, options)
    if (hasActed) remembered.set(name, { episode, actedAtMs: clock.now() })
  }
  return {
    name: 'restart-failed',
    about: 'restarts tasks that failed for a reason that a restart mends',
    async run(signal) {
      for (;;) {
        const now = await nextObservation(signal)
        const sights = connectorSights(now)
        if (!sights) continue
        const names = sights.map(({ name }) => name)
        counts.keepOnly(names)
        for (const name of remembered.keys()) if (!names.includes(name)) remembered.delete(name)
        await Promise.all(sights.map(sight => attendTo(sight, now)))
      }
    },
  }
}

/** Tells whether anything was done to the connector. */
async function carryOut(
  decision: Decision,
  sight: ConnectorSight,
  { counts, activity, connect, hurry }: RestartFailedOptions,
): Promise<boolean> {
  const { name, part, cause, command } = sight
  const say = (severity: Severity, text: string, help: string | null = null) =>
    activity.note({ severity, subject: name, text, command: help })
  switch (decision.kind) {
    case 'nothing':
      return false
    case 'waits':
      say('info', `is restarted once this is mended: ${decision.for.cause}`, decision.for.command)
      return false
    case 'left':
      counts.leave(name, true)
      say('warn', `is not restarted, as that would not mend it: ${cause}`, command)
      return false
    case 'gave-up':
      counts.leave(name, true)
      say(
        'error',
        `is not restarted any more, it failed again after ${times(decision.attempts)}: ${cause}`,
        command,
      )
      return false
    case 'mended':
      counts.count(name, { mended: 1 })
      say('info', `runs again after ${times(decision.attempts)}`)
      return false
    case 'restart':
      counts.count(name, { restarts: 1 })
      say('info', `${part} is restarted, ${decision.attempt} of at most ${mostAttempts} times: ${cause}`)
      await connect.restart(name, { includeTasks: true, onlyFailed: true }).catch(error => {
        activity.note(refused(name, error))
      })
      hurry()
      return true
    default:
      return assertNever(decision)
  }
}

function refused(name: string, error: unknown): Note {
  const command = error instanceof TribError ? (error.hint ?? null) : null
  return { severity: 'warn', subject: name, text: `could not be restarted: ${messageOf(error)}`, command }
}

function times(attempts: number): string {
  return attempts === 1 ? 'one restart' : `${attempts} restarts`
}
