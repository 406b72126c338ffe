import type { Size } from './loads/all-loads.ts'
import type { Summary } from './summarize.ts'

export interface Verdict {
  readonly sentence: string
  readonly isMet: boolean
}

interface Limits {
  /** How many times as fast as the defaults, at least, by load; any other load: `other`. */
  readonly timesDefaults: Readonly<Record<string, number>>
  readonly other: number
  /** How many times as long as logical replication, at most. */
  readonly timesLogical: Readonly<Record<string, number>>
  /** Percentiles in milliseconds, at most. */
  readonly latencyMs: Readonly<Record<string, { readonly p50: number; readonly p99: number }>>
}

/**
 * What is promised. The small size has limits of its own: there the second that a connector takes to start counts for
 * much, on both sides, and a machine of CI has neighbours.
 */
const limitsOf: Readonly<Record<Size, Limits>> = {
  full: {
    timesDefaults: { snapshot: 10, backlog: 10 },
    other: 3,
    timesLogical: { snapshot: 12 },
    latencyMs: { 'latency at 200/s': { p50: 25, p99: 60 } },
  },
  quick: {
    timesDefaults: { snapshot: 3, backlog: 2 },
    other: 1.5,
    timesLogical: {},
    latencyMs: { 'latency at 200/s': { p50: 60, p99: 500 } },
  },
}

/** Holds what was measured of the shipped settings against what is promised; what was not measured is not judged. */
export function judge(size: Size, summaries: readonly Summary[]): readonly Verdict[] {
  const { timesDefaults, other, timesLogical, latencyMs } = limitsOf[size]
  return summaries
    .filter(({ arm }) => arm === 'shipped')
    .flatMap(one => {
      const promised = latencyMs[one.load]
      const verdicts: Verdict[] = []
      if (one.latencyMs) {
        for (const name of promised ? (['p50', 'p99'] as const) : [])
          verdicts.push(atMost(`${one.load}: ${name}, ms`, one.latencyMs[name], promised?.[name] ?? 0))
        return verdicts
      }
      const least = timesDefaults[one.load] ?? other
      if (one.timesDefaults !== undefined)
        verdicts.push(atLeast(`${one.load}: times as fast as the defaults`, one.timesDefaults, least))
      const most = timesLogical[one.load]
      if (one.timesLogical !== undefined && most !== undefined)
        verdicts.push(atMost(`${one.load}: times as long as logical replication`, one.timesLogical, most))
      return verdicts
    })
}

const atLeast = (what: string, value: number, limit: number): Verdict => ({
  sentence: `${what}: ${value.toFixed(1)}, at least ${limit}`,
  isMet: value >= limit,
})

const atMost = (what: string, value: number, limit: number): Verdict => ({
  sentence: `${what}: ${value.toFixed(1)}, at most ${limit}`,
  isMet: value <= limit,
})
