import type { Fault } from './fault.ts'

const suspendedMs = 30_000
const awayMs = 60_000

const databases = [
  { service: 'community-db', seen: { pipeline: 'community-source', rule: 'source-database-down' } },
  { service: 'sites-db', seen: { pipeline: 'sites-source', rule: 'source-database-down' } },
  { service: 'warehouse', seen: { pipeline: 'sites-source', rule: 'warehouse-down' } },
] as const

/** Everybody but us and the writers. */
const terminateAll =
  "select pg_terminate_backend(pid) from pg_stat_activity where usename in ('debezium', 'sink')"

export const databaseFaults: readonly Fault[] = [
  ...databases.flatMap(({ service, seen }): readonly Fault[] => [
    {
      name: `kill -9 of ${service}`,
      does: ({ kill }) => kill(service),
      takes: [service],
      seen,
      heals: 'by the printed command',
    },
    {
      name: `clean restart of ${service}`,
      does: ({ end }) => end(service),
      takes: [service],
      heals: 'by up',
    },
  ]),
  {
    name: 'the warehouse away for a minute',
    async does({ end, passing }) {
      await end('warehouse')
      await passing(awayMs)
    },
    takes: ['warehouse'],
    seen: { pipeline: 'community-source', rule: 'warehouse-down' },
    heals: 'by the printed command',
  },
  {
    name: 'pg_terminate_backend of every session of the sources',
    does: async ({ sql }) => {
      await Promise.all([sql('community-db', terminateAll), sql('sites-db', terminateAll)])
    },
    heals: 'by itself',
    needsWhole: true,
  },
  {
    name: 'pg_terminate_backend of every session of the sink',
    does: ({ sql }) => sql('warehouse', terminateAll),
    heals: 'by itself or by the printed command',
    needsWhole: true,
  },
  {
    name: 'SIGSTOP of the warehouse for 30 s',
    does: ({ suspended, passing, seen }) =>
      suspended('warehouse', async () => {
        await Promise.all([passing(suspendedMs), seen('community-source', 'warehouse-down')])
      }),
    needs: ['warehouse'],
    heals: 'by itself',
  },
  {
    name: 'SIGSTOP of a source for 30 s',
    does: ({ suspended, passing, seen }) =>
      suspended('sites-db', async () => {
        await Promise.all([passing(suspendedMs), seen('sites-source', 'source-database-down')])
      }),
    needs: ['sites-db'],
    heals: 'by itself',
  },
]
