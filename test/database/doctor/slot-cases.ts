import { all, type FaultCase, inSource } from './fault-case.ts'
import type { DoctorWorld } from './world.ts'

const makeSlot = async (world: DoctorWorld) => {
  await using database = await world.source()
  await database.query(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [world.slot])
}

/** The end of the WAL as Debezium stores it. */
const now = async (world: DoctorWorld) => {
  await using database = await world.source()
  const { rows } = await database.query<{ at: string }>(`select (pg_current_wal_lsn() - '0/0')::text as at`)
  return Number(rows[0]?.at)
}

export const slotCases: readonly FaultCase[] = [
  {
    ...{ check: 'slot-free', severity: 'error', message: /is of the database postgres/ },
    fault: 'another database has a slot of that name',
    breaks: async world => {
      await using other = await world.postgres.open('postgres')
      await other.query(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [world.slot])
    },
  },
  {
    ...{ check: 'slot-free', severity: 'error', message: /decodes with test_decoding, not with pgoutput/ },
    fault: 'the slot decodes with another plugin',
    // Under its new name nobody has the old slot.
    breaks: async world => {
      await using database = await world.source()
      await database.query(`select pg_create_logical_replication_slot($1, 'test_decoding')`, [world.slot])
    },
    mend: async world => {
      await inSource(`select pg_drop_replication_slot('${world.slot}')`)(world)
    },
  },
  {
    ...{
      check: 'slot-in-step',
      severity: 'error',
      message: /an offset is stored, but the slot 'case_\d+' is not in community-db/,
    },
    fault: 'the slot was dropped',
    breaks: async world => world.store({ lsn: await now(world) }),
  },
  {
    ...{
      check: 'slot-in-step',
      severity: 'error',
      message: /beyond the stored offset 0\/2A: what lies between is skipped/,
    },
    fault: 'the slot is ahead of the stored offset',
    breaks: all(makeSlot, world => world.store({ lsn: 42 })),
  },
  {
    ...{ check: 'slot-in-step', severity: 'error', message: /community-db is an older copy/ },
    fault: 'the source was restored from an older backup',
    breaks: all(makeSlot, async world => world.store({ lsn: (await now(world)) + 1_000_000_000 })),
  },
  {
    ...{
      check: 'orphaned-slot',
      severity: 'warning',
      message: /the slot 'left_behind' belongs to no connector here and holds back \d+/,
    },
    fault: 'a slot was left behind',
    breaks: inSource(`select pg_create_logical_replication_slot('left_behind', 'pgoutput')`),
  },
  {
    ...{
      check: 'pinned-slot',
      severity: 'warning',
      message: /session \d+ \(postgres\) is idle in a transaction/,
    },
    fault: 'a session forgot its transaction',
    breaks: async world => {
      world.patienceSeconds = 0
      const forgetful = await world.source()
      world.open.push(forgetful)
      await forgetful.query('begin')
      await forgetful.query('create table public.half_done (id bigint primary key)')
    },
  },
  {
    ...{ check: 'pinned-slot', severity: 'warning', message: /the prepared transaction 'forgotten'/ },
    fault: 'a prepared transaction was forgotten',
    breaks: async world => {
      world.patienceSeconds = 0
      await using database = await world.source()
      await database.query('begin')
      await database.query('create table public.half_done (id bigint primary key)')
      await database.query(`prepare transaction 'forgotten'`)
    },
  },
]
