import * as z from 'zod'

const latencySchema = z.object({ p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() })

/** One arm under one load, once. */
export const measurementSchema = z.object({
  load: z.string(),
  arm: z.string(),
  round: z.number(),
  rows: z.number(),
  /** From the start, or the going on, until count and checksum agree. */
  seconds: z.number(),
  cpuSeconds: z.record(z.string(), z.number()),
  peakMegabytes: z.object({ connect: z.number(), brokers: z.number() }),
  /** From a row's insert to its landing, in milliseconds. */
  latencyMs: latencySchema.optional(),
  at: z.string(),
  commit: z.string(),
})

export type Measurement = z.output<typeof measurementSchema>
export type Latency = z.output<typeof latencySchema>
