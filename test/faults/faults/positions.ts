import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../../control/database/connect.ts'
import { eventually } from '../../support/trib.ts'
import type { Fault } from './fault.ts'

const sinkWaits = "select 1 from pg_stat_activity where usename = 'sink' and wait_event_type = 'Lock'"

/** The slot has confirmed what is written now: the place from before can no longer be read. */
async function untilSlotIsPast(database: Database): Promise<void> {
  const [row] = (await database.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn')).rows
  const isPast = 'select 1 from pg_replication_slots where confirmed_flush_lsn > $1::pg_lsn'
  await eventually(
    'the slot to move',
    async () => ((await database.query(isPast, [row?.lsn])).rows.length > 0 ? true : undefined),
    { deadlineMs: 30_000, intervalMs: 200 },
  )
}

export const positionFaults: readonly Fault[] = [
  {
    name: 'the sink restarted in mid-batch',
    async does({ open, stack }) {
      await using warehouse = await open('warehouse')
      await warehouse.query('begin')
      await warehouse.query('lock table "CommunityUsers" in exclusive mode')
      await eventually('the sink to be in the middle of a batch', async () =>
        (await warehouse.query(sinkWaits)).rows.length > 0 ? true : undefined,
      )
      const { code, stderr } = await stack.trib(['restart', 'warehouse-sink', '--tasks', 'all'])
      if (code !== 0) throw new Error(stderr)
      await warehouse.query('commit')
    },
    heals: 'by itself',
    needsWhole: true,
  },
  {
    name: 'the offsets of the sink rewound',
    async does({ stack }) {
      const { code, stderr } = await stack.trib([
        'patch',
        'offsets',
        'warehouse-sink',
        '--to-earliest',
        '--yes',
      ])
      if (code !== 0) throw new Error(stderr)
    },
    heals: 'by itself',
    needsWhole: true,
  },
  {
    name: 'the offsets of a source rewound',
    async does({ stack, open }) {
      await using database = await open('sites-db')
      const folder = mkdtempSync(join(tmpdir(), 'tributary-offsets-'))
      try {
        const file = join(folder, 'offsets.json')
        writeFileSync(file, JSON.stringify(await stack.json(['get', 'offsets', 'sites-source'])))
        await untilSlotIsPast(database)
        const { code, stderr } = await stack.trib(['patch', 'offsets', 'sites-source', '-f', file, '--yes'])
        if (code !== 0) throw new Error(stderr)
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    // What lies between that place and the slot's is gone: the source refuses to skip it, though it was read before.
    seen: { pipeline: 'sites-source', rule: 'offset-out-of-step' },
    heals: 'by the printed command',
    needsWhole: true,
  },
  {
    name: 'the slot dropped',
    async does({ sql }) {
      await sql('community-db', `alter role debezium nologin`)
      await sql('community-db', 'select pg_terminate_backend(active_pid) from pg_replication_slots')
      await sql('community-db', "select pg_drop_replication_slot('tributary_community')")
      await sql('community-db', `alter role debezium login`)
    },
    seen: { pipeline: 'community-source', rule: 'slot-missing' },
    heals: 'by the printed command',
    needsWhole: true,
  },
  {
    name: 'a full restart',
    async does({ stack }) {
      const { code, stderr } = await stack.trib(['down'])
      if (code !== 0) throw new Error(stderr)
    },
    profiles: ['two-workers'],
    heals: 'by up',
    needsWhole: true,
  },
]
