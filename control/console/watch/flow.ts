import type { HealthReport, TableReport } from '../../health/report.ts'

/** How fast a table moves; null where the part that counts could not be read. */
export interface TableFlow {
  readonly pipeline: string
  readonly topic: string
  readonly inPerSecond: number | null
  readonly recordsPerSecond: number | null
  readonly outPerSecond: number | null
}

interface Counts {
  readonly atMs: number
  readonly tables: ReadonlyMap<string, TableReport>
}

/**
 * Postgres renews its statistics about every second, and an application writes in bursts: over fewer seconds a steady
 * flow looks like a flicker.
 */
const windowMs = 10_000

/** Remembers the counters of the last seconds, and tells how fast they went. */
export function createFlowMeter(): (report: HealthReport, atMs: number) => readonly TableFlow[] {
  let remembered: readonly Counts[] = []
  return (report, atMs) => {
    const now = { atMs, tables: tablesOf(report) }
    // One that is as old as the window stays: what comes in is compared with it.
    const young = remembered.findIndex(one => one.atMs > atMs - windowMs)
    remembered = [...(young === -1 ? remembered.slice(-1) : remembered.slice(Math.max(0, young - 1))), now]
    const [first = now] = remembered
    return flowsBetween(first, now)
  }
}

function tablesOf({ pipelines }: HealthReport): ReadonlyMap<string, TableReport> {
  return new Map(
    pipelines.flatMap(({ name, tables }) => tables.map(table => [keyOf(name, table.topic), table] as const)),
  )
}

const keyOf = (pipeline: string, topic: string) => JSON.stringify([pipeline, topic])

function flowsBetween(then: Counts, now: Counts): readonly TableFlow[] {
  const seconds = (now.atMs - then.atMs) / 1000
  return [...now.tables].map(([key, table]) => {
    const before = then.tables.get(key)
    const rate = (count: (one: TableReport) => number | null) =>
      perSecond(before && count(before), count(table), seconds)
    const [pipeline = '', topic = '']: string[] = JSON.parse(key)
    return {
      ...{ pipeline, topic },
      inPerSecond: rate(one => one.sourceChanges),
      recordsPerSecond: rate(one => one.topicEnd),
      outPerSecond: rate(one => one.targetChanges),
    }
  })
}

/** A counter that went back was reset: nothing is known of what happened meanwhile. */
function perSecond(then: number | null | undefined, now: number | null, seconds: number): number | null {
  if (then === null || then === undefined || now === null || now < then || seconds < 0.5) return null
  return Math.round(((now - then) / seconds) * 10) / 10
}
