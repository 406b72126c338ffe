import type { Connector } from '../connect/connect-api.ts'
import { failureOf } from '../connect/failure-of.ts'
import { assertNever } from '../errors/assert-never.ts'
import type { Facts, HopName } from './report.ts'
import { secondsUntilFull, usedOf } from './rules/database-rules.ts'
import { canaryOf, freshnessMs, type Sight, totalLag } from './sight.ts'
import { readOf } from './unread.ts'

/** What was seen at a hop, in numbers that keep their unit in the name; what was not seen is null. */
export function factsOf(hop: HopName, sight: Sight): Facts {
  const database = readOf(sight.database)
  switch (hop) {
    case 'database':
      return {
        at: database ? `${database.place.database} at ${database.place.host}:${database.place.port}` : null,
        lsn: database?.walLsn ?? null,
        oldestTransactionSeconds: database?.oldestTransaction?.seconds ?? null,
      }
    case 'publication':
      return {
        name: database?.publicationName ?? null,
        tables: database?.tables.filter(({ isPublished }) => isPublished).length ?? null,
        missing: database?.tables.filter(({ isPublished }) => !isPublished).length ?? null,
      }
    case 'slot':
      return slotFacts(sight)
    case 'source':
      return connectorFacts(sight.source)
    case 'topic': {
      const seen = readOf(sight.topics)
      const { tables } = sight.pipeline
      return {
        topics: tables.length,
        existing: seen ? tables.filter(({ topic }) => seen[topic]).length : null,
        records: seen
          ? tables
              .flatMap(({ topic }) => seen[topic]?.partitions ?? [])
              .reduce((sum, { first, end }) => sum + end - first, 0)
          : null,
      }
    }
    case 'sink':
      return {
        ...connectorFacts(sight.sink),
        group: sight.group?.group ?? null,
        lagRecords: totalLag(sight) ?? null,
      }
    case 'warehouse': {
      const warehouse = readOf(sight.warehouse)
      const ageMs = freshnessMs(sight)
      return {
        at: warehouse
          ? `${warehouse.place.database} at ${warehouse.place.host}:${warehouse.place.port}`
          : null,
        freshnessSeconds: seconds(ageMs),
        heartbeat: canaryOf(sight)?.topic ?? null,
      }
    }
    default:
      return assertNever(hop)
  }
}

function slotFacts(sight: Sight): Facts {
  const database = readOf(sight.database)
  const slot = database?.slot
  const used = slot && usedOf(slot)
  const left = secondsUntilFull(sight)
  return {
    name: database?.slotName ?? null,
    active: slot?.isActive ?? null,
    confirmedLsn: slot?.confirmedLsn ?? null,
    restartLsn: slot?.restartLsn ?? null,
    retainedBytes: slot?.retainedBytes ?? null,
    unconfirmedBytes: slot?.unconfirmedBytes ?? null,
    walStatus: slot?.walStatus ?? null,
    limitBytes: slot?.limitBytes ?? null,
    safeBytes: slot?.safeBytes ?? null,
    usedPercent: used === undefined ? null : Math.round(used * 1000) / 10,
    // A slot moves in jumps: of one that is nearly empty the rate says nothing.
    secondsUntilFull: left === undefined || (used ?? 0) < 0.1 ? null : Math.round(left),
  }
}

function connectorFacts(connector: Connector | undefined): Facts {
  return {
    name: connector?.name ?? null,
    state: connector?.state ?? null,
    tasks: connector?.tasks.map(({ id, state }) => `${id} ${state}`).join(', ') ?? null,
    failure: (connector && failureOf(connector)) ?? null,
  }
}

/** To a tenth, which is more than a heartbeat tells. */
export function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms / 100) / 10
}
