import type { Fault } from './fault.ts'

const suspendedMs = 30_000

export const brokerFaults: readonly Fault[] = [
  {
    name: 'kill -9 of a broker',
    async does({ kill, rowsLand }) {
      await kill('kafka-2')
      await rowsLand()
    },
    takes: ['kafka-2'],
    heals: 'by up',
  },
  {
    name: 'clean restart of a broker',
    async does({ end, rowsLand }) {
      await end('kafka-1')
      await rowsLand()
    },
    takes: ['kafka-1'],
    heals: 'by up',
  },
  {
    name: 'SIGSTOP of a broker for 30 s',
    // Rows may wait all the while: clients hold on to a broker that hangs for request.timeout.ms, 30 s by default.
    does: ({ suspended, passing }) => suspended('kafka-3', () => passing(suspendedMs)),
    needs: ['kafka-3'],
    heals: 'by itself',
  },
  {
    name: 'two brokers down',
    async does({ kill, nothingLands }) {
      await kill('kafka-1', 'kafka-3')
      await nothingLands()
    },
    takes: ['kafka-1', 'kafka-3'],
    seen: { pipeline: 'community-source', rule: 'kafka-down' },
    heals: 'by the printed command',
  },
]
