import type { ConnectClient } from '../connect/connect-api.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { createTargets } from './find-followed.ts'
import type { FollowEvent } from './follow-event.ts'
import { type LookOptions, lookAtSchemas } from './look-at-schemas.ts'
import { openSessions } from './sessions.ts'
import { createSinkMemory, steerSinks } from './steer-sinks.ts'

export interface FollowOptions extends Pick<LookOptions, 'context' | 'progress' | 'pipeline'> {
  readonly connect: Pick<ConnectClient, 'list' | 'pause' | 'restart'>
  /** What was done, each time; what waits or worries, when it begins. */
  readonly onEvent: (event: FollowEvent) => void
  readonly signal: AbortSignal
  /** Time between two looks. (Default: 1,000 ms) */
  readonly intervalMs?: number
  /** Only one look; where Connect cannot be asked it rejects. (Default: false) */
  readonly isOnce?: boolean
  readonly clock?: Clock
}

/**
 * Keeps landing tables as their sources are, while rows flow, until the signal aborts. A column that is added, dropped
 * or widened is followed; of what only a person can decide, the sentence and the command are told, and rows that would
 * land changed are kept from landing. A sink that had failed at such a table is restarted: nothing is lost, it reads on
 * from where it stood.
 */
export async function followSchemas(options: FollowOptions): Promise<void> {
  const { connect, signal, intervalMs = 1_000, isOnce = false, clock = systemClock, onEvent } = options
  await using sessions = openSessions(signal)
  const targets = createTargets()
  const memory = createSinkMemory(clock)
  let before: ReadonlySet<string> = new Set()
  for (;;) {
    signal.throwIfAborted()
    let events: readonly FollowEvent[]
    try {
      const look = await lookAtSchemas({ ...options, sessions, targets })
      events = [...look.events, ...(await steerSinks(look.tables, { connect, memory }))]
    } catch (error) {
      signal.throwIfAborted()
      if (isOnce || !(error instanceof TribError)) throw error
      const sentence = `the connectors could not be asked: ${messageOf(error)}`
      events = [{ level: 'warn', object: 'connect', sentence, command: error.hint }]
    }
    for (const event of events) {
      if (event.level === 'info' || !before.has(JSON.stringify(event))) onEvent(event)
    }
    before = new Set(events.map(event => JSON.stringify(event)))
    if (isOnce) return
    await clock.wait(intervalMs, signal)
  }
}
