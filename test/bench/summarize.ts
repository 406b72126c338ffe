import type { Latency, Measurement } from './measurement.ts'

/** One arm under one load, over all rounds. */
export interface Summary {
  readonly load: string
  readonly arm: string
  readonly rounds: number
  readonly rows: number
  readonly seconds: number
  readonly range: readonly [number, number]
  /** How many times as fast as the defaults in the same run; undefined where these were not measured. */
  readonly timesDefaults: number | undefined
  /** How many times as long as Postgres' logical replication. */
  readonly timesLogical: number | undefined
  /** By process, for a million rows. */
  readonly cpuPerMillion: Readonly<Record<string, number>>
  readonly peakMegabytes: { readonly connect: number; readonly brokers: number }
  readonly latencyMs: Latency | undefined
}

export function summarize(measurements: readonly Measurement[]): readonly Summary[] {
  const pairs = [...new Map(measurements.map(one => [`${one.load}\n${one.arm}`, one])).values()]
  return pairs.map(({ load, arm }) => {
    const of = (name: string) => measurements.filter(one => one.load === load && one.arm === name)
    const own = of(arm)
    const seconds = medianOf(own, one => one.seconds)
    const against = (name: string) =>
      of(name).length > 0 ? medianOf(of(name), one => one.seconds) : undefined
    const defaults = against('defaults')
    const logical = against('logical')
    const rows = medianOf(own, one => one.rows)
    const processes = [...new Set(own.flatMap(one => Object.keys(one.cpuSeconds)))]
    const all = own.map(one => one.seconds)
    return {
      ...{ load, arm, rows, seconds, rounds: own.length },
      range: [Math.min(...all), Math.max(...all)],
      timesDefaults: defaults === undefined ? undefined : defaults / seconds,
      timesLogical: logical === undefined ? undefined : seconds / logical,
      cpuPerMillion: Object.fromEntries(
        processes.map(name => [name, medianOf(own, one => ((one.cpuSeconds[name] ?? 0) / one.rows) * 1e6)]),
      ),
      peakMegabytes: {
        connect: Math.max(...own.map(one => one.peakMegabytes.connect)),
        brokers: Math.max(...own.map(one => one.peakMegabytes.brokers)),
      },
      latencyMs: own.find(one => one.latencyMs)?.latencyMs,
    }
  })
}

function medianOf<T>(values: readonly T[], numberOf: (value: T) => number): number {
  const sorted = values.map(numberOf).sort((a, b) => a - b)
  const [below = 0, above = below] = sorted.slice(Math.floor((sorted.length - 1) / 2), sorted.length / 2 + 1)
  return (below + above) / 2
}
