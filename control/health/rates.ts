import { judge } from './judge.ts'
import type { HealthState, TableReport } from './report.ts'
import type { Snapshot } from './snapshot.ts'

/** How fast a table moves; null where the part that counts could not be read. */
export interface TableRate {
  readonly pipeline: string
  readonly table: string
  /** Rows changed in the source, by its statistics, which Postgres renews about every second. */
  readonly inPerSecond: number | null
  /** Records written to its topic. */
  readonly recordsPerSecond: number | null
  /** Rows changed in the warehouse. */
  readonly outPerSecond: number | null
  readonly lagRecords: number | null
  readonly freshnessSeconds: number | null
  readonly state: HealthState
}

/** Pure: one line for each table of each pipeline. */
export function ratesBetween(before: Snapshot, now: Snapshot): readonly TableRate[] {
  const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1000)
  const then = new Map(
    judge(before).pipelines.flatMap(({ name, tables }) =>
      tables.map(table => [`${name} ${table.topic}`, table] as const),
    ),
  )
  return judge(now, { before }).pipelines.flatMap(({ name, tables, freshnessSeconds, state }) =>
    tables.map(table => {
      const earlier = then.get(`${name} ${table.topic}`)
      const rate = (count: (one: TableReport) => number | null) =>
        perSecond(earlier && count(earlier), count(table), seconds)
      return {
        ...{ pipeline: name, table: table.table ?? table.topic },
        inPerSecond: rate(one => one.sourceChanges),
        recordsPerSecond: rate(one => one.topicEnd),
        outPerSecond: rate(one => one.targetChanges),
        ...{ lagRecords: table.lagRecords, freshnessSeconds, state },
      }
    }),
  )
}

/** A counter that went back was reset: nothing is known of what happened meanwhile. */
function perSecond(then: number | null | undefined, now: number | null, seconds: number): number | null {
  if (then === null || then === undefined || now === null || now < then) return null
  return Math.round(((now - then) / seconds) * 10) / 10
}
