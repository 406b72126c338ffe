/** What was seen at one time. */
export interface Sample {
  readonly seconds: number
  /** Of each process with its children, in MB. */
  readonly memory: Readonly<Record<string, number>>
  /** What each source's slot holds back, in MB. */
  readonly slotLag: Readonly<Record<string, number>>
  /** From the source's commit to the warehouse, of the probes since the sample before, in ms. */
  readonly latency: readonly number[]
}

export interface Thirds {
  readonly name: string
  /** Medians of the first, the second and the last third of the time; the first is warm-up. */
  readonly of: readonly [number, number, number]
}

export interface Verdict {
  readonly memory: readonly Thirds[]
  readonly p50: Thirds
  readonly p99: Thirds
  readonly mostSlotLag: number
  /** Sentences; empty: all is level. */
  readonly complaints: readonly string[]
}

/** Noise of two cores, and of collectors that run when they like. */
const mostGrowth = 1.15
const slackMegabytes = 24
const slackMs = 30
const mostSlotLagMegabytes = 32

/** Pure: whether the last third is as the one before it. */
export function judgeSoak(samples: readonly Sample[]): Verdict {
  const thirds = inThirds(samples)
  const names = Object.keys(samples[0]?.memory ?? {})
  const memory = names.map(name =>
    toThirds(name, thirds, third => median(third.map(({ memory }) => memory[name] ?? 0))),
  )
  const latency = (share: number) => (third: readonly Sample[]) =>
    percentile(
      third.flatMap(sample => sample.latency),
      share,
    )
  const p50 = toThirds('p50', thirds, latency(0.5))
  const p99 = toThirds('p99', thirds, latency(0.99))
  const mostSlotLag = Math.max(...samples.flatMap(({ slotLag }) => Object.values(slotLag)))
  const grew = ({ of: [, middle, last] }: Thirds, slack: number) => last > middle * mostGrowth + slack
  return {
    ...{ memory, p50, p99, mostSlotLag },
    complaints: [
      ...memory
        .filter(one => grew(one, slackMegabytes))
        .map(({ name, of: [, middle, last] }) => `${name} grew from ${middle} to ${last} MB`),
      ...(grew(p50, slackMs) ? [`latency grew from ${p50.of[1]} to ${p50.of[2]} ms at the median`] : []),
      ...(mostSlotLag > mostSlotLagMegabytes ? [`a slot held back ${mostSlotLag} MB`] : []),
    ],
  }
}

function inThirds<T>(values: readonly T[]): readonly [readonly T[], readonly T[], readonly T[]] {
  const [one, two] = [Math.floor(values.length / 3), Math.floor((values.length * 2) / 3)]
  return [values.slice(0, one), values.slice(one, two), values.slice(two)]
}

function toThirds<T>(name: string, thirds: readonly [T, T, T], read: (third: T) => number): Thirds {
  const [first, second, last] = thirds
  return { name, of: [read(first), read(second), read(last)] }
}

const median = (values: readonly number[]) => percentile(values, 0.5)

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0
}
