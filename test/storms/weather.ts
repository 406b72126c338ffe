import type { Ground } from '../faults/faults/ground.ts'
import type { Writer } from '../faults/load/writer.ts'
import { eventually } from '../support/trib.ts'
import type { Blow, Storm } from './draw-storm.ts'
import type { Operator } from './operator.ts'

interface WeatherOptions {
  readonly ground: Ground
  readonly writers: readonly Writer[]
  readonly operator: Operator
}

/** What was in flight when a fault was met. */
export interface Met {
  readonly fault: string
  readonly perSecond: number
}

/** Transactions that were committed before a fault is met: load, not only its beginning. */
const inFlight = 100
const leastPerSecond = 50
const wellWithinMs = 240_000

/** Meets every fault of a storm, the operator helping where nothing lasts; ends when all is well again. */
export async function endure({ blows }: Storm, options: WeatherOptions): Promise<readonly Met[]> {
  const { ground, operator } = options
  const met: Met[] = []
  let lasting: Promise<void>[] = []
  const taken = new Set<string>()
  for (const blow of blows) {
    const { name, needsWhole, needs, takes = [] } = blow.fault
    if (!blow.isOnTop) {
      await Promise.all(lasting)
      lasting = []
      if (needsWhole || needs || takes.some(service => taken.has(service))) {
        await operator.untilWell(wellWithinMs)
        taken.clear()
      }
    }
    met.push({ fault: name, perSecond: Math.round(await untilUnderLoad(blow, options)) })
    for (const service of takes) taken.add(service)
    const done = blow.fault.does(ground)
    // Looked at when the storm goes on; until then it is nobody's unhandled rejection.
    done.catch(() => {})
    lasting.push(done)
  }
  await Promise.all(lasting)
  await operator.untilWell(wellWithinMs)
  return met
}

/** Gives the transactions a second of all sources together, over the last seconds before the fault. */
async function untilUnderLoad(blow: Blow, { writers, operator }: WeatherOptions): Promise<number> {
  const begunAt = performance.now()
  let since = begunAt
  let committed = 0
  const takeStock = () => {
    for (const writer of writers) committed += writer.takeStock().committed
    return committed / ((performance.now() - since) / 1000)
  }
  takeStock()
  committed = 0
  return eventually(
    `load before ${blow.fault.name}`,
    async () => {
      const perSecond = takeStock()
      const isDue = performance.now() - begunAt >= blow.afterMs
      if (isDue && committed >= inFlight && perSecond >= leastPerSecond) return perSecond
      // An outage before it is no load: counting begins again where it was not enough.
      if (committed >= inFlight && perSecond < leastPerSecond) [since, committed] = [performance.now(), 0]
      if (!blow.isOnTop) await operator.attend()
      return undefined
    },
    { deadlineMs: wellWithinMs, intervalMs: 100 },
  )
}
