import { named, shellWord } from '../../output/shell-words.ts'
import { bringUp, inTurn, sqlCommand, sqlName } from '../commands-to-paste.ts'
import { freshnessMs, isRunning, type Sight } from '../sight.ts'
import type { DatabaseSight, SlotSight } from '../snapshot.ts'
import { readOf } from '../unread.ts'
import { bytes, duration } from '../words.ts'
import type { Finding, Rule } from './rule.ts'
import { snapshotAnew, withRepair } from './snapshot-anew.ts'

/** So young must the news be that a source's database is alive, whether or not this machine reaches it. */
const arrivingMs = 10_000
/** A slot that has used this much of what it may keep is about to be lost. */
const degradedFrom = 0.7
const failedFrom = 0.9
/** Without a limit the disk is the limit. */
const unboundedBytes = 5 * 1024 ** 3
/** A transaction of this age that pins the slot was forgotten. */
const oldTransactionSeconds = 60

export const databaseRules: readonly Rule[] = [
  { id: 'source-database-not-in-context', hop: 'database', find: ({ database }) => missing(database) },
  {
    id: 'source-database-down',
    hop: 'database',
    find: sight => {
      const { database, cluster, source } = sight
      if (database?.kind !== 'unreachable') return undefined
      const command = bringUp(cluster)
      // The worker may reach what this machine cannot: what it brings is the proof.
      const isArriving = (freshnessMs(sight) ?? Number.POSITIVE_INFINITY) < arrivingMs
      if (cluster.kind === 'file' && isRunning(source) && isArriving) {
        const cause = `this machine does not reach the source's database, though its changes arrive: ${database.reason}`
        return { state: 'unknown', cause, command }
      }
      return { state: 'failed', cause: `the source's database does not answer: ${database.reason}`, command }
    },
  },
  {
    id: 'source-database-refuses',
    hop: 'database',
    find: ({ database }) =>
      database?.kind === 'refused'
        ? {
            state: 'unknown',
            cause: `the source's database could not be read: ${database.reason}`,
            command: database.command,
          }
        : undefined,
  },
  {
    id: 'wal-level',
    hop: 'database',
    find: withDatabase(({ walLevel, place }) =>
      walLevel === 'logical'
        ? undefined
        : {
            state: 'failed',
            cause: `wal_level of ${place.database} is ${walLevel}; a change stream needs logical, from the database's next start on`,
            command: sqlCommand(place, 'alter system set wal_level = logical'),
          },
    ),
  },
  { id: 'publication-unread', hop: 'publication', find: unread },
  {
    id: 'publication-missing',
    hop: 'publication',
    find: withDatabase((seen, sight) =>
      seen.needsPublication && !seen.publication
        ? {
            state: 'failed',
            cause: `the publication ${seen.publicationName} does not exist in ${seen.place.database}: no change is carried`,
            command: snapshotAnew(sight, { withPublication: true }),
          }
        : undefined,
    ),
  },
  {
    id: 'publication-misses-table',
    hop: 'publication',
    find: withDatabase((seen, sight) => {
      if (!seen.needsPublication || !seen.publication) return undefined
      const names = seen.tables
        .filter(({ isPublished }) => !isPublished)
        .map(one => sqlName(one.schema, one.table))
      if (names.length === 0) return undefined
      return {
        state: 'failed',
        cause: `the publication ${seen.publicationName} misses ${names.join(', ')}, so that no change of ${names.length === 1 ? 'it' : 'these'} is carried`,
        // What was changed meanwhile was never carried, and will not be.
        command: withRepair(
          sight,
          sqlCommand(
            seen.place,
            `alter publication ${sqlName(seen.publicationName)} add table ${names.join(', ')}`,
          ),
        ),
      }
    }),
  },
  { id: 'slot-unread', hop: 'slot', find: unread },
  {
    id: 'slot-missing',
    hop: 'slot',
    find: withDatabase((seen, sight) => {
      if (seen.slot || sight.source?.state === 'UNASSIGNED') return undefined
      // A source that has just been created makes its slot with its first task; nothing is lost to it yet.
      return hasSentNothing(sight)
        ? {
            state: 'degraded',
            cause: `${sight.source?.name} has not made its slot ${seen.slotName} in ${seen.place.database} yet, and sent nothing so far`,
            command: `npx trib describe ${named(sight.source?.name)}`,
          }
        : {
            state: 'failed',
            cause: `the slot ${seen.slotName} does not exist in ${seen.place.database}: the changes since it was dropped are lost to ${sight.source?.name}`,
            command: snapshotAnew(sight),
          }
    }),
  },
  {
    id: 'slot-of-other-database',
    hop: 'slot',
    find: withSlot((slot, seen, { source }) =>
      slot.isOfOtherDatabase
        ? {
            state: 'failed',
            cause: `the slot ${seen.slotName} belongs to another database than ${seen.place.database}`,
            command: `npx trib patch connector ${named(source?.name, `--set ${shellWord(`slot.name=${seen.slotName}_${seen.place.database}`)}`)}`,
          }
        : undefined,
    ),
  },
  {
    id: 'slot-lost',
    hop: 'slot',
    find: withSlot((slot, seen, sight) =>
      slot.walStatus === 'lost'
        ? {
            state: 'failed',
            cause: `the slot ${seen.slotName} is lost: it kept more WAL than max_slot_wal_keep_size${slot.limitBytes ? ` (${bytes(slot.limitBytes)})` : ''} allows`,
            command: snapshotAnew(sight),
          }
        : undefined,
    ),
  },
  { id: 'slot-near-limit', hop: 'slot', find: withSlot(nearLimit) },
  {
    id: 'slot-unbounded',
    hop: 'slot',
    find: withSlot((slot, seen, sight) =>
      slot.safeBytes === undefined && slot.walStatus !== 'lost' && slot.retainedBytes > unboundedBytes
        ? {
            state: 'degraded',
            cause: `the slot ${seen.slotName} keeps ${bytes(slot.retainedBytes)} of WAL, and nothing limits it but the disk`,
            command: freeSlot(seen, sight),
          }
        : undefined,
    ),
  },
  {
    id: 'slot-not-read',
    hop: 'slot',
    find: withSlot((slot, seen, sight) =>
      !slot.isActive && slot.walStatus !== 'lost' && isRunning(sight.source)
        ? {
            state: 'degraded',
            cause: `${sight.source?.name} is RUNNING, but nobody reads its slot ${seen.slotName}`,
            command: `npx trib restart ${named(sight.source?.name, '--tasks all')}`,
          }
        : undefined,
    ),
  },
]

/** How much of what it may keep a slot has used, from 0 to 1; undefined: nothing limits it. */
export function usedOf({ safeBytes, retainedBytes }: SlotSight): number | undefined {
  if (safeBytes === undefined) return undefined
  if (safeBytes <= 0) return 1
  return retainedBytes / (retainedBytes + safeBytes)
}

/** By how fast it was filled between two looks; undefined: it is not being filled, or there was only one look. */
export function secondsUntilFull({ atMs, database, before }: Sight): number | undefined {
  const [now, then] = [readOf(database)?.slot, readOf(before?.database)?.slot]
  if (!before || now?.safeBytes === undefined || then?.safeBytes === undefined) return undefined
  const bytesPerSecond = (then.safeBytes - now.safeBytes) / ((atMs - before.atMs) / 1000)
  return bytesPerSecond > 0 ? now.safeBytes / bytesPerSecond : undefined
}

function nearLimit(slot: SlotSight, seen: DatabaseSight, sight: Sight): Finding | undefined {
  const used = usedOf(slot)
  const isUnreserved = slot.walStatus === 'unreserved'
  if (slot.walStatus === 'lost' || ((used ?? 0) < degradedFrom && !isUnreserved)) return undefined
  const state = isUnreserved || (used ?? 0) >= failedFrom ? 'failed' : 'degraded'
  const left = secondsUntilFull(sight)
  const of = slot.limitBytes ? ` of ${bytes(slot.limitBytes)}` : ''
  const why = isRunning(sight.source) ? '' : `, as ${sight.source?.name} does not run`
  const when = left === undefined ? '' : `; at this rate it is lost in ${duration(left)}`
  return {
    state,
    cause: `the slot ${seen.slotName} keeps ${bytes(slot.retainedBytes)}${of} of WAL (${Math.round((used ?? 1) * 100)} %)${why}${when}`,
    command: freeSlot(seen, sight),
  }
}

/** What lets a slot move: a connector that reads it, or the end of the transaction that pins it. */
function freeSlot({ oldestTransaction, place }: DatabaseSight, { source }: Sight): string | undefined {
  if (source?.state === 'PAUSED' || source?.state === 'STOPPED')
    return `npx trib resume ${named(source.name)}`
  if (!isRunning(source)) return `npx trib restart ${named(source?.name)}`
  if (oldestTransaction && oldestTransaction.seconds > oldTransactionSeconds) {
    return sqlCommand(place, `select pg_terminate_backend(${oldestTransaction.pid})`)
  }
  return inTurn(`npx trib restart ${named(source?.name, '--tasks all')}`)
}

function missing(part: Sight['database'] | Sight['warehouse']): Finding | undefined {
  return part?.kind === 'missing'
    ? { state: 'unknown', cause: part.reason, command: part.command }
    : undefined
}

/** Of a database that was not read, the hop of the database says why. */
function unread({ database }: Sight): Finding | undefined {
  if (database === undefined || database.kind === 'read') return undefined
  const cause = "is not known, as the source's database was not read"
  return { state: 'unknown', cause, command: undefined, isConsequence: true }
}

function withDatabase(find: (seen: DatabaseSight, sight: Sight) => Finding | undefined): Rule['find'] {
  return sight => {
    const seen = readOf(sight.database)
    return seen && find(seen, sight)
  }
}

function withSlot(
  find: (slot: SlotSight, seen: DatabaseSight, sight: Sight) => Finding | undefined,
): Rule['find'] {
  return withDatabase((seen, sight) => seen.slot && find(seen.slot, seen, sight))
}

/** No record ever, in none of its topics; not so where Kafka is not seen. */
function hasSentNothing({ topics, pipeline }: Sight): boolean {
  const seen = readOf(topics)
  return (
    seen !== undefined &&
    pipeline.tables.every(({ topic }) => (seen[topic]?.partitions ?? []).every(({ end }) => end === 0))
  )
}
