import type { ConnectClient } from '../connect/connect-api.ts'
import { failureOf } from '../connect/failure-of.ts'
import { openDatabase } from '../database/connect.ts'
import type { Flow } from '../scenarios/scenario.ts'
import { databaseOf } from '../stack/database-address.ts'
import { findService } from '../stack/session.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import type { Topology } from '../topology/topology.ts'

interface FlowingOptions {
  readonly topology: Topology
  readonly flows: readonly Flow[]
  readonly connect: ConnectClient
  readonly connectors: readonly string[]
  readonly signal: AbortSignal
}

/** A restarted task shows its old failure for a while; asking again sooner would restart it for nothing. */
const restartEveryMs = 5_000

/**
 * Waits until a heartbeat that is younger than this call has come all the way from each source. RUNNING says little:
 * a sink that meets a warehouse which is just starting (57P03) retries, looks well, and then fails for good. Tasks
 * that fail meanwhile are restarted. Gives the connectors that were.
 */
export async function untilFlowing(options: FlowingOptions): Promise<readonly string[]> {
  const { topology, flows, connect, connectors, signal } = options
  const begin = await Promise.all(
    flows.map(async flow => ({
      ...flow,
      since: await askFor(topology, flow.source, 'select clock_timestamp()::text as value', []),
    })),
  )
  const restarted = new Set<string>()
  let restartedAt = Number.NEGATIVE_INFINITY
  const look = async (): Promise<Outlook<readonly string[]>> => {
    const isFresh = 'select beat_at > $2::timestamptz as value from tributary.heartbeat where source = $1'
    const beats = begin.map(({ source, warehouse, since }) =>
      askFor(topology, warehouse, isFresh, [source, since]),
    )
    const late = (await Promise.all(beats)).findIndex(beat => beat !== 'true')
    if (late === -1) return { done: [...restarted] }
    for (const name of connectors) {
      const status = await connect.status(name)
      const failure = status && failureOf(status)
      if (failure === undefined) continue
      if (Date.now() - restartedAt >= restartEveryMs) {
        await connect.restart(name, { includeTasks: true, onlyFailed: true })
        restarted.add(name)
        restartedAt = Date.now()
      }
      return { pending: `${name} failed: ${failure}` }
    }
    return { pending: `all connectors run, and none of ${begin[late]?.source} has landed` }
  }
  return waitFor(look, {
    what: 'a heartbeat of each source to reach the warehouse',
    deadlineMs: 90_000,
    intervalMs: 200,
    signal,
    hint: 'npx trib logs connect --tail 50',
  })
}

async function askFor(
  topology: Topology,
  service: string,
  query: string,
  values: readonly unknown[],
): Promise<string> {
  const address = databaseOf(findService(topology, service))
  if (!address) throw new Error(`${service} is no database`)
  await using database = await openDatabase({ ...address, applicationName: 'trib up' })
  const { rows } = await database.query<{ value: unknown }>(query, values)
  return String(rows[0]?.value)
}
