import { judge } from '../../health/judge.ts'
import type { Snapshot } from '../../health/snapshot.ts'
import type { Clock } from '../../system/clock.ts'
import { createFlowMeter } from './flow.ts'
import type { BrokerState, Observation } from './observation.ts'

export interface ObserverOptions {
  /** Never rejects but for an abort: what could not be read says so in the snapshot. */
  readonly look: () => Promise<Snapshot>
  readonly probe: () => Promise<readonly BrokerState[]>
  readonly isWatched: () => boolean
  readonly onObservation: (observation: Observation) => void
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface Observer {
  /** Looks at once: somebody came, or something was done. */
  hurry(): void
  /** Until the signal aborts, which rejects with its reason. */
  run(): Promise<never>
}

/** From the beginning of one look to that of the next. */
const watchedEveryMs = 1_000
/** For `/metrics` and the activity log while nobody looks at a page. */
const unwatchedEveryMs = 5_000
/** Where looks take long, because a part hangs, they must not follow without a pause. */
const shortestPauseMs = 200

/** The one loop that looks at everything; pages, metrics and the activity log all live from what it saw. */
export function createObserver(options: ObserverOptions): Observer {
  const { look, probe, isWatched, onObservation, clock, signal } = options
  const measure = createFlowMeter()
  let alarm = new AbortController()
  let before: Snapshot | undefined
  return {
    hurry: () => alarm.abort(),
    async run() {
      for (;;) {
        const startedAt = clock.now()
        alarm = new AbortController()
        const [snapshot, brokers] = await Promise.all([look(), probe()])
        const report = judge(snapshot, { before })
        before = snapshot
        const tookMs = clock.now() - startedAt
        onObservation({ snapshot, report, brokers, flows: measure(report, snapshot.atMs), tookMs })
        // However many are in a hurry.
        await clock.wait(shortestPauseMs, signal)
        const everyMs = isWatched() ? watchedEveryMs : unwatchedEveryMs
        await pause(Math.max(0, startedAt + everyMs - clock.now()))
      }
    },
  }

  async function pause(ms: number): Promise<void> {
    const { signal: hurried } = alarm
    try {
      await clock.wait(ms, AbortSignal.any([signal, hurried]))
    } catch (error) {
      signal.throwIfAborted()
      if (!hurried.aborted) throw error
    }
  }
}
