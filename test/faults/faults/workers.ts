import type { Fault } from './fault.ts'
import { workers } from './ground.ts'

const suspendedMs = 30_000

export const workerFaults: readonly Fault[] = [
  {
    name: 'kill -9 of the worker with the sink, of two',
    async does({ kill, rowsLand, workerOf }) {
      await kill(await workerOf('warehouse-sink'))
      await rowsLand(60_000)
    },
    ...{ needs: ['connect', 'warehouse'], takes: ['connect'] },
    heals: 'by up',
  },
  {
    name: 'clean restart of a worker, of two',
    async does({ end, rowsLand, workerOf }) {
      await end(await workerOf('community-source'))
      await rowsLand(60_000)
    },
    ...{ needs: ['connect', 'community-db'], takes: ['connect'] },
    heals: 'by up',
  },
  {
    name: 'SIGSTOP of the worker with the sink for 30 s',
    async does({ suspended, passing, rowsLand, workerOf }) {
      await suspended(await workerOf('warehouse-sink'), async () => {
        await Promise.all([passing(suspendedMs), rowsLand(60_000)])
      })
    },
    needs: ['connect', 'warehouse'],
    heals: 'by itself',
  },
  {
    name: 'kill -9 of Connect',
    does: ({ kill }) => kill(...workers),
    takes: ['connect'],
    heals: 'by up',
  },
  {
    name: 'clean restart of Connect',
    does: ({ end }) => end(...workers),
    takes: ['connect'],
    heals: 'by up',
  },
]
