import { systemClock } from '../system/clock.ts'
import type { ConnectAccess, ConnectClient } from './connect-api.ts'
import { configuringOf } from './endpoints/configuring.ts'
import { offsetsOf } from './endpoints/offsets.ts'
import { readingOf } from './endpoints/reading.ts'
import { steeringOf } from './endpoints/steering.ts'
import { workersOf } from './endpoints/workers.ts'
import { openConnection, type SendOptions } from './send-to-worker.ts'

/** The client for a Connect cluster, whatever its number of workers; holds nothing that would have to be closed. */
export function createConnectClient(access: ConnectAccess, options: SendOptions = {}): ConnectClient {
  const connection = openConnection(access, options)
  const { deadlineMs = 60_000, clock = systemClock, signal, stackHint } = options
  const waiting = { deadlineMs, clock, signal, ...(stackHint === undefined ? {} : { hint: stackHint }) }
  return {
    url: connection.url,
    ...readingOf(connection),
    ...configuringOf(connection),
    ...steeringOf(connection, waiting),
    ...offsetsOf(connection),
    ...workersOf(connection),
  }
}
