import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { type DatabaseAddress, openDatabase } from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { type LocatedDatabase, locateSource } from '../pipelines/locate-databases.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { judgeSlot, type Slot, type SlotRow } from './judge-slot.ts'

interface ReadOptions {
  readonly context: Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>
  readonly connectors: readonly Connector[]
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
  /** A server that cannot be asked; the others are. */
  readonly onUnreached: (service: string, sentence: string) => void
}

/** How long the growth of the slots is looked at. */
const watchedMs = 2_000

/** Every slot of every server that a source reads, with whose it is. */
export async function readSlots(options: ReadOptions): Promise<readonly Slot[]> {
  const { context, connectors, clock = systemClock, signal, onUnreached } = options
  const owners = await locateOwners(context, connectors)
  const servers = await listServers(context, owners)
  const slots = await Promise.all(
    servers.map(async server => {
      try {
        await using database = await openDatabase({
          ...server.address,
          applicationName: 'trib get slots',
          signal,
        })
        const before = (await database.query<SlotRow>(slotsQuery)).rows
        if (before.length === 0) return []
        await clock.wait(watchedMs, signal)
        const now = (await database.query<SlotRow>(slotsQuery)).rows
        return now.map(slot =>
          judgeSlot(slot, {
            service: server.name,
            before: before.find(one => one.name === slot.name),
            owners: owners.filter(({ located }) => isSameServer(located.address, server.address)),
          }),
        )
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof TribError)) throw error
        onUnreached(server.name, messageOf(error))
        return []
      }
    }),
  )
  return slots.flat()
}

export interface Owner {
  readonly connector: Connector
  readonly located: LocatedDatabase
}

async function locateOwners(
  context: ReadOptions['context'],
  connectors: readonly Connector[],
): Promise<readonly Owner[]> {
  const sources = connectors.filter(({ config, type }) => kindOf(config, type).debezium === 'postgres')
  const found = await Promise.all(
    sources.map(async connector => {
      const located = await locateSource(context, connector).catch(() => undefined)
      return located ? [{ connector, located }] : []
    }),
  )
  return found.flat()
}

async function listServers(
  context: ReadOptions['context'],
  owners: readonly Owner[],
): Promise<readonly LocatedDatabase[]> {
  const known = await Promise.all(
    (await context.sources()).map(async name => ({ name, address: await context.source(name) })),
  )
  const all = [...known, ...owners.map(({ located }) => located)]
  return all.filter((one, at) => all.findIndex(other => isSameServer(other.address, one.address)) === at)
}

const isSameServer = (one: DatabaseAddress, other: DatabaseAddress) =>
  one.host === other.host && one.port === other.port

/** In bytes; of a slot that is lost nothing is retained any more. */
const slotsQuery = `
  select s.slot_name::text as name, s.slot_type as type, s.database::text as database, s.active as "isActive",
    s.temporary as "isTemporary", a.application_name as reader, s.wal_status as "walStatus",
    (pg_current_wal_lsn() - s.restart_lsn)::float8 as "retainedBytes", s.safe_wal_size::float8 as "safeBytes",
    extract(epoch from clock_timestamp())::float8 * 1000 as "atMs"
  from pg_replication_slots s left join pg_stat_activity a on a.pid = s.active_pid
  order by 1`
