import { messageOf } from '../errors/trib-error.ts'
import type { Clock } from '../system/clock.ts'
import type { Activity } from './activity.ts'
import type { RestartCounts } from './heal/restart-counts.ts'
import type { JobState } from './messages.ts'
import type { Observation } from './watch/observation.ts'

/** Work that goes on in the background for as long as the console runs. */
export interface Job {
  readonly name: string
  /** What it does, for people. */
  readonly about: string
  /** Until the signal aborts; what it rejects with is told, and it begins again after a while. */
  run(signal: AbortSignal): Promise<void>
}

/** What the console lends its jobs. */
export interface JobAccess {
  readonly activity: Pick<Activity, 'note'>
  readonly counts: RestartCounts
  /** The next look, as soon as it is over; rejects when the signal aborts. */
  nextObservation(signal: AbortSignal): Promise<Observation>
  /** Looks at once: something was done. */
  hurry(): void
}

export interface Jobs extends AsyncDisposable {
  start(name: string): void
  /** Resolves when it has ended. */
  stop(name: string): Promise<void>
  states(): readonly JobState[]
}

export interface JobsOptions {
  readonly activity: Pick<Activity, 'note'>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onChange: () => void
  /** Before a job that failed begins again. (Default: 10,000 ms) */
  readonly restMs?: number
}

interface Running {
  readonly cancel: AbortController
  readonly ended: Promise<void>
}

/** Jobs that run, that failed and try again, and that were stopped; each says so in the activity log. */
export function createJobs(jobs: readonly Job[], options: JobsOptions): Jobs {
  const { activity, clock, signal, onChange, restMs = 10_000 } = options
  const running = new Map<string, Running>()
  const problems = new Map<string, string>()

  const stop = async (name: string) => {
    const job = running.get(name)
    job?.cancel.abort()
    await job?.ended
  }
  return {
    start(name) {
      const job = jobs.find(one => one.name === name)
      if (!job || running.has(name)) return
      const cancel = new AbortController()
      const ended = keepRunning(job, AbortSignal.any([signal, cancel.signal])).finally(() => {
        running.delete(name)
        onChange()
      })
      running.set(name, { cancel, ended })
      onChange()
    },
    stop,
    states: () =>
      jobs.map(({ name, about }) => ({
        ...{ name, about, isRunning: running.has(name), problem: problems.get(name) ?? null },
      })),
    async [Symbol.asyncDispose]() {
      await Promise.all([...running.keys()].map(stop))
    },
  }

  async function keepRunning(job: Job, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const failure = await job.run(until).then(
        () => undefined,
        error => messageOf(error),
      )
      if (until.aborted) return
      if (failure === undefined) {
        problems.delete(job.name)
        return
      }
      // Once for each reason: a job that fails all night must not fill the log.
      if (problems.get(job.name) !== failure)
        activity.note({ severity: 'error', subject: job.name, text: failure, command: null })
      problems.set(job.name, failure)
      onChange()
      await clock.wait(restMs, until).catch(() => {})
    }
  }
}
