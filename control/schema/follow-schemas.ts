import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { createTargets } from './find-followed.ts'
import type { FollowEvent } from './follow-event.ts'
import { type Look, type LookedTable, type LookOptions, lookAtSchemas } from './look-at-schemas.ts'
import { findMismatch } from './mismatch.ts'
import { openSessions } from './sessions.ts'

export interface FollowOptions extends Pick<LookOptions, 'context' | 'progress' | 'pipeline'> {
  readonly connect: Pick<ConnectClient, 'list' | 'pause' | 'restart'>
  /** Told once for each thing, and again when it has changed. */
  readonly onEvent: (event: FollowEvent) => void
  readonly signal: AbortSignal
  /** Time between two looks. (Default: 1,000 ms) */
  readonly intervalMs?: number
  /** Only one look; what cannot be looked at rejects. (Default: false) */
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
  const { signal, intervalMs = 1_000, isOnce = false, clock = systemClock, onEvent } = options
  await using sessions = openSessions(signal)
  const targets = createTargets()
  const memory = createMemory(onEvent, clock)
  for (;;) {
    signal.throwIfAborted()
    try {
      const look = await lookAtSchemas({ ...options, sessions, targets })
      memory.tell([...look.events, ...look.tables.flatMap(({ events }) => events)])
      for (const sink of sinksOf(look)) await steer(sink, look.tables, { ...options, memory })
    } catch (error) {
      signal.throwIfAborted()
      if (isOnce || !(error instanceof TribError)) throw error
      memory.tell([
        {
          level: 'warn',
          object: 'schemas',
          sentence: `could not be looked at: ${messageOf(error)}`,
          command: error.hint,
        },
      ])
    }
    if (isOnce) return
    await clock.wait(intervalMs, signal)
  }
}

function sinksOf({ tables }: Look): readonly Connector[] {
  return [...new Map(tables.map(({ followed: { sink } }) => [sink.name, sink])).values()]
}

interface SteerOptions extends Pick<FollowOptions, 'connect'> {
  readonly memory: Memory
}

/** Stops a sink whose rows would land changed, and restarts one that failed at a table which fits again. */
async function steer(sink: Connector, tables: readonly LookedTable[], options: SteerOptions): Promise<void> {
  const { connect, memory } = options
  const own = tables.filter(({ followed }) => followed.sink.name === sink.name)
  const wrong = own.filter(({ mustStop }) => mustStop)
  const reasons = wrong.flatMap(({ events }) => events.map(({ sentence }) => sentence)).join('; ')
  if (wrong.length > 0 && sink.state === 'RUNNING' && memory.isNew(`stop ${sink.name} ${reasons}`)) {
    await connect.pause(sink.name)
    const names = wrong.map(({ followed: { id } }) => `${id.schema}.${id.table}`).join(', ')
    memory.tell([
      { level: 'error', object: sink.name, sentence: `paused, before more rows of ${names} land changed` },
    ])
    return
  }
  if (own.some(({ isAltered }) => isAltered)) memory.forgetRestarts(sink.name)
  const mismatch = findMismatch(sink)
  const failedAt = own.find(({ landing }) => landing.table === mismatch?.table)
  if (!mismatch || !failedAt || failedAt.isOpen) return
  const { schema, table } = failedAt.followed.id
  if (!memory.mayRestart(sink.name, mismatch.trace)) {
    memory.tell([
      {
        level: 'error',
        object: sink.name,
        sentence: `it fails again and again at ${schema}.${table}, though the landing table is as the source is now: records on their way are of another shape`,
        command: `npx trib describe connector ${sink.name}`,
      },
    ])
    return
  }
  await connect.restart(sink.name, { includeTasks: true, onlyFailed: true })
  memory.tell([{ level: 'info', object: sink.name, sentence: `restarted: ${schema}.${table} fits again` }])
}

type Memory = ReturnType<typeof createMemory>

/** A trace that comes back so often will not go by restarting. */
const restartsOfOneTrace = 3
const forgottenAfterMs = 300_000

/** What was told and tried, so that it is not said or done with every look. */
function createMemory(onEvent: (event: FollowEvent) => void, clock: Clock) {
  const seen = new Set<string>()
  const restarts = new Map<string, { readonly trace: string; count: number; atMs: number }>()
  const isNew = (text: string) => {
    if (seen.has(text)) return false
    seen.add(text)
    return true
  }
  return {
    isNew,
    /** What was done is told each time; what waits, once. */
    tell(events: readonly FollowEvent[]) {
      for (const event of events) {
        if (event.level === 'info' || isNew(JSON.stringify(event))) onEvent(event)
      }
    },
    forgetRestarts: (sink: string) => restarts.delete(sink),
    mayRestart(sink: string, trace: string): boolean {
      const last = restarts.get(sink)
      const isSame = last?.trace === trace && clock.now() - last.atMs < forgottenAfterMs
      const count = isSame ? last.count + 1 : 1
      restarts.set(sink, { trace, count, atMs: clock.now() })
      return count <= restartsOfOneTrace
    },
  }
}
