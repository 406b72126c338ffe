import { Client } from 'pg'
import type { FaultCase } from './fault-case.ts'
import { inSource } from './fault-case.ts'
import type { DoctorWorld } from './world.ts'

const restart = async ({ postgres }: DoctorWorld) => {
  await postgres.stop()
  await postgres.start()
}

const set = async (world: DoctorWorld, setting: string) => {
  await using database = await world.postgres.open()
  await database.query(`alter system ${setting}`)
  await database.query('select pg_reload_conf()')
}

/** Each wants a server of its own, which it may stop and set up anew. */
export const serverCases: readonly FaultCase[] = [
  {
    ...{ check: 'wal-level', severity: 'error', message: /wal_level is replica/ },
    fault: 'the server writes too little WAL',
    breaks: async world => {
      await set(world, 'reset wal_level')
      await restart(world)
    },
  },
  {
    ...{
      check: 'free-slots',
      severity: 'error',
      message: /all 1 replication slots are used, and 'case_\d+' is not among them/,
    },
    fault: 'all slots are used',
    breaks: async world => {
      await set(world, 'set max_replication_slots = 1')
      await restart(world)
      await inSource(`select pg_create_physical_replication_slot('standby')`)(world)
    },
  },
  {
    ...{ check: 'free-senders', severity: 'error', message: /all 1 WAL senders are used/ },
    fault: 'all senders are used',
    breaks: async world => {
      await set(world, 'set max_wal_senders = 1')
      await restart(world)
      const { host, port } = world.postgres
      // What the driver passes on though its types do not list it.
      const options = { host, port, user: 'postgres', database: 'postgres', replication: 'database' }
      const standby = new Client(options)
      standby.on('error', () => {})
      await standby.connect()
      world.open.push({ [Symbol.asyncDispose]: () => standby.end() })
    },
  },
  {
    ...{ check: 'slot-keep-size', severity: 'warning', message: /max_slot_wal_keep_size is not set/ },
    fault: 'slots may fill the disk',
    breaks: world => set(world, 'reset max_slot_wal_keep_size'),
  },
  {
    ...{
      check: 'slot-lost',
      severity: 'error',
      message: /is lost: .* more than max_slot_wal_keep_size \(1MB\)/,
    },
    fault: 'the slot has lost its WAL',
    breaks: async world => {
      await set(world, `set max_slot_wal_keep_size = '1MB'`)
      await inSource(`select pg_create_logical_replication_slot('${world.slot}', 'pgoutput')`)(world)
      for (let segment = 0; segment < 4; segment += 1) {
        await inSource('create table public.filler (); drop table public.filler')(world)
        await inSource('select pg_switch_wal()')(world)
      }
      await inSource('checkpoint')(world)
    },
  },
  {
    ...{ check: 'reachable', severity: 'error', message: /nothing listens there/ },
    fault: 'the server is down',
    also: ['reachable error'],
    breaks: ({ postgres }) => postgres.stop(),
    mend: ({ postgres }) => postgres.start(),
  },
]
