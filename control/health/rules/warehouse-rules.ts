import { named } from '../../output/shell-words.ts'
import { bringUp, inTurn, sqlCommand } from '../commands-to-paste.ts'
import { heartbeatIntervalMs } from '../heartbeat.ts'
import { canaryOf, freshnessMs, hasMoved, isRunning, lagOf, lastBeatMs, type Sight } from '../sight.ts'
import { readOf } from '../unread.ts'
import { duration } from '../words.ts'
import { createTable, landedOf } from './places.ts'
import type { Finding, Rule } from './rule.ts'

/** Running, and nothing has arrived for this long. */
export const staleAfterMs = 40_000
/** A source that beats seldom may be silent for so many of its beats. */
const missedBeats = 5

export const warehouseRules: readonly Rule[] = [
  {
    id: 'warehouse-not-in-context',
    hop: 'warehouse',
    find: ({ warehouse }) =>
      warehouse?.kind === 'missing'
        ? { state: 'unknown', cause: warehouse.reason, command: warehouse.command }
        : undefined,
  },
  {
    id: 'warehouse-down',
    hop: 'warehouse',
    find: ({ warehouse, cluster }) =>
      warehouse?.kind === 'unreachable'
        ? {
            state: 'failed',
            cause: `the warehouse does not answer: ${warehouse.reason}`,
            command: bringUp(cluster),
          }
        : undefined,
  },
  {
    id: 'warehouse-refuses',
    hop: 'warehouse',
    find: ({ warehouse }) =>
      warehouse?.kind === 'refused'
        ? {
            state: 'unknown',
            cause: `the warehouse could not be read: ${warehouse.reason}`,
            command: warehouse.command,
          }
        : undefined,
  },
  {
    id: 'landing-table-missing',
    hop: 'warehouse',
    find: sight => {
      const seen = readOf(sight.warehouse)
      const evolution = sight.sink?.config['schema.evolution'] ?? 'none'
      // With another setting the sink makes the table when the first record comes.
      if (!seen || evolution !== 'none') return undefined
      const missing = sight.pipeline.tables.find(table => table.target && !landedOf(sight, table))
      if (!missing?.target) return undefined
      const sql = createTable(sight, missing.target.table)
      return {
        state: 'failed',
        cause: `the warehouse has no table ${missing.target.table}, in which ${missing.topic} lands`,
        command: inTurn(
          sql ? sqlCommand(seen.place, sql) : undefined,
          `npx trib restart ${named(sight.sink?.name)}`,
        ),
      }
    },
  },
  { id: 'never-arrived', hop: 'warehouse', find: neverArrived },
  { id: 'stale', hop: 'warehouse', find: stale },
]

function neverArrived(sight: Sight): Finding | undefined {
  if (!canaryOf(sight) || !readOf(sight.warehouse) || lastBeatMs(sight) !== undefined) return undefined
  const cause = `no heartbeat of ${sight.source?.name} has ever reached the warehouse`
  return { state: 'degraded', cause, command: restartWhatIsStuck(sight), isConsequence: !allRun(sight) }
}

/** An idle source beats all the same: what has not been heard of for so long is stuck somewhere. */
function stale(sight: Sight): Finding | undefined {
  const { source, sink } = sight
  const ageMs = freshnessMs(sight)
  const limitMs = Math.max(staleAfterMs, missedBeats * (source ? heartbeatIntervalMs(source) : 0))
  if (!canaryOf(sight) || ageMs === undefined || ageMs <= limitMs) return undefined
  const age = duration(ageMs / 1000)
  if (!allRun(sight)) {
    const cause = `nothing of ${source?.name} has reached the warehouse for ${age}`
    return { state: 'degraded', cause, command: undefined, isConsequence: true }
  }
  if (hasMoved(sight)) {
    const cause = `${source?.name} and ${sink?.name} are catching up: the warehouse is ${age} behind`
    return { state: 'degraded', cause, command: 'npx trib top', isConsequence: true }
  }
  const stuck = isStuckAtSink(sight) ? `${sink?.name} has not taken it` : `${source?.name} has not sent it`
  return {
    state: 'failed',
    cause: `all tasks are RUNNING, but the source moved and nothing has arrived for ${age}: ${stuck}`,
    command: restartWhatIsStuck(sight),
    isConsequence: true,
  }
}

function allRun({ source, sink }: Sight): boolean {
  return isRunning(source) && isRunning(sink)
}

/** Half of the beats that are missing lie in the topic: they came so far. The rest is what was not committed yet. */
function isStuckAtSink(sight: Sight): boolean {
  const canary = canaryOf(sight)
  const ageMs = freshnessMs(sight) ?? staleAfterMs
  const beatMs = sight.source ? heartbeatIntervalMs(sight.source) : 0
  return canary !== undefined && (lagOf(sight, canary) ?? 0) >= ageMs / Math.max(1, beatMs) / 2
}

function restartWhatIsStuck(sight: Sight): string {
  const name = isStuckAtSink(sight) ? sight.sink?.name : sight.source?.name
  return `npx trib restart ${named(name, '--tasks all')}`
}
