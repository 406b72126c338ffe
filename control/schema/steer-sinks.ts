import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { named } from '../output/shell-words.ts'
import type { Clock } from '../system/clock.ts'
import type { FollowEvent } from './follow-event.ts'
import type { LookedTable } from './look-at-schemas.ts'
import { findMismatch } from './mismatch.ts'

interface SteerOptions {
  readonly connect: Pick<ConnectClient, 'pause' | 'restart'>
  readonly memory: SinkMemory
}

/** Stops sinks whose rows would land changed, and restarts those that failed at a table which fits again. */
export async function steerSinks(
  tables: readonly LookedTable[],
  options: SteerOptions,
): Promise<readonly FollowEvent[]> {
  const sinks = new Map(tables.map(({ followed: { sink } }) => [sink.name, sink]))
  const events: FollowEvent[] = []
  for (const sink of sinks.values()) {
    const own = tables.filter(({ followed }) => followed.sink.name === sink.name)
    const event = (await stop(sink, own, options)) ?? (await goOn(sink, own, options))
    if (event) events.push(event)
  }
  return events
}

async function stop(
  { name, state }: Connector,
  own: readonly LookedTable[],
  { connect, memory }: SteerOptions,
): Promise<FollowEvent | undefined> {
  const wrong = own.filter(({ mustStop }) => mustStop)
  const reasons = wrong.flatMap(({ events }) => events.map(({ sentence }) => sentence))
  // Once for each reason: whoever lets it run on all the same has decided so.
  if (!memory.isNewReason(name, reasons) || state !== 'RUNNING') return undefined
  await connect.pause(name)
  const tables = wrong.map(({ followed: { id } }) => `${id.schema}.${id.table}`).join(', ')
  return { level: 'error', object: name, sentence: `paused, before more rows of ${tables} land changed` }
}

async function goOn(
  sink: Connector,
  own: readonly LookedTable[],
  { connect, memory }: SteerOptions,
): Promise<FollowEvent | undefined> {
  const { name } = sink
  if (own.some(({ isAltered }) => isAltered)) memory.forgetRestarts(name)
  const mismatch = findMismatch(sink)
  const failedAt = own.find(({ landing }) => landing.table === mismatch?.table)
  if (!mismatch || !failedAt || failedAt.isOpen) return undefined
  const { schema, table } = failedAt.followed.id
  if (!memory.mayRestart(name, mismatch.trace)) {
    return {
      level: 'error',
      object: name,
      sentence: `it fails again and again at ${schema}.${table}, though the landing table is as the source is now: records on their way are of another shape`,
      command: `npx trib describe connector ${named(name)}`,
    }
  }
  await connect.restart(name, { includeTasks: true, onlyFailed: true })
  return { level: 'info', object: name, sentence: `restarted: ${schema}.${table} fits again` }
}

/** A trace that comes back so often will not go by restarting. */
const restartsOfOneTrace = 3
const forgottenAfterMs = 300_000

export type SinkMemory = ReturnType<typeof createSinkMemory>

/** What was tried with each sink, so that it is not done with every look. */
export function createSinkMemory(clock: Clock) {
  const reasonsOf = new Map<string, string>()
  const restarts = new Map<
    string,
    { readonly trace: string; readonly count: number; readonly atMs: number }
  >()
  return {
    isNewReason(sink: string, reasons: readonly string[]): boolean {
      const text = reasons.join('; ')
      const isNew = text !== '' && reasonsOf.get(sink) !== text
      reasonsOf.set(sink, text)
      return isNew
    },
    forgetRestarts: (sink: string) => restarts.delete(sink),
    mayRestart(sink: string, trace: string): boolean {
      const last = restarts.get(sink)
      const isSame = last?.trace === trace && clock.now() - last.atMs < forgottenAfterMs
      const count = isSame ? last.count + 1 : 1
      if (count <= restartsOfOneTrace) restarts.set(sink, { trace, count, atMs: clock.now() })
      return count <= restartsOfOneTrace
    },
  }
}
