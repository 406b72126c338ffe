import { setTimeout as until } from 'node:timers/promises'
import type { Database } from '../../control/database/connect.ts'
import type { Load } from './loads/load.ts'
import type { Latency } from './measurement.ts'

type LatencyLoad = Extract<Load, { kind: 'latency' }>

/** A session answers in 1 to 3 ms: so many hold 1,000 rows a second, each a transaction of its own. */
const writers = 8

/** Writes at the load's rate, warm-up included; gives the id of the first row that counts. */
export async function writeSteadily(
  openSource: () => Promise<Database>,
  { perSecond, warmUpSeconds, seconds, tables: [table] }: LatencyLoad,
): Promise<number> {
  const total = perSecond * (warmUpSeconds + seconds)
  const startedAt = performance.now()
  let next = 1
  const write = async () => {
    await using session = await openSource()
    while (next <= total) {
      const id = next
      next += 1
      // Each at its own time, whatever the row before it took.
      const dueInMs = startedAt + (id * 1000) / perSecond - performance.now()
      if (dueInMs > 1) await until(dueInMs)
      await session.query(`insert into ${table?.name} select ${table?.rowOf(String(id))}`)
    }
  }
  await Promise.all(Array.from({ length: writers }, write))
  const tookSeconds = (performance.now() - startedAt) / 1000
  // Otherwise the rate that the table of results names was never there.
  if (tookSeconds > (warmUpSeconds + seconds) * 1.05)
    throw new Error(`${perSecond} rows/s for ${warmUpSeconds + seconds} s took ${tookSeconds.toFixed(0)} s`)
  return perSecond * warmUpSeconds + 1
}

export async function readLatency(warehouse: Database, firstId: number): Promise<Latency> {
  const { rows } = await warehouse.query<{ ms: number[] }>(
    `select percentile_cont(array[0.5, 0.9, 0.99, 1]) within group
       (order by (extract(epoch from landed_at - sent_at) * 1000)::float8) as ms
     from bench_latency where id >= ${firstId}`,
  )
  const [p50 = 0, p90 = 0, p99 = 0, max = 0] = (rows[0]?.ms ?? []).map(ms => Math.round(ms * 10) / 10)
  return { p50, p90, p99, max }
}
