import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import {
  type Database,
  type DatabaseAddress,
  type OpenDatabaseOptions,
  openDatabase,
} from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { type LocatedDatabase, locateSource } from '../pipelines/locate-databases.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { judgeSlot, type Slot, type SlotRow } from './judge-slot.ts'

export interface AskOptions {
  readonly context: Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>
  readonly connectors: readonly Connector[]
  readonly signal?: AbortSignal | undefined
  /** Whoever asks again and again keeps its sessions. (Default: opened, and closed again) */
  readonly open?: ((options: OpenDatabaseOptions) => Promise<Database>) | undefined
  /** A server that cannot be asked; the others are. */
  readonly onUnreached: (service: string, sentence: string) => void
}

/** What one server says of its slots at one moment. */
export interface ServerSlots {
  readonly server: LocatedDatabase
  readonly owners: readonly Owner[]
  readonly rows: readonly SlotRow[]
}

/** How long the growth of the slots is looked at. */
const watchedMs = 2_000

/** Every slot of every server that a source reads, with whose it is. */
export async function readSlots(options: AskOptions & { readonly clock?: Clock }): Promise<readonly Slot[]> {
  const { clock = systemClock, signal } = options
  const unreached = new Map<string, string>()
  const asking = {
    ...options,
    onUnreached: (server: string, sentence: string) => void unreached.set(server, sentence),
  }
  const before = await askForSlots(asking)
  if (before.some(({ rows }) => rows.length > 0)) await clock.wait(watchedMs, signal)
  const slots = judgeSlots(await askForSlots(asking), before)
  for (const [server, sentence] of unreached) options.onUnreached(server, sentence)
  return slots
}

/** Pure: `before` is what the same servers said a moment ago; one that said nothing then has no speed yet. */
export function judgeSlots(now: readonly ServerSlots[], before: readonly ServerSlots[]): readonly Slot[] {
  return now.flatMap(({ server, owners, rows }) => {
    const then = before.find(one => isSameServer(one.server.address, server.address))?.rows ?? []
    return rows.map(slot =>
      judgeSlot(slot, { service: server.name, owners, before: then.find(({ name }) => name === slot.name) }),
    )
  })
}

export async function askForSlots(options: AskOptions): Promise<readonly ServerSlots[]> {
  const { context, connectors, signal, open = openDatabase, onUnreached } = options
  const owners = await locateOwners(context, connectors)
  const servers = await listServers(context, owners)
  const asked = await Promise.all(
    servers.map(async server => {
      try {
        await using database = await open({
          ...server.address,
          applicationName: 'trib get slots',
          signal,
        })
        const { rows } = await database.query<SlotRow>(slotsQuery)
        return [{ server, rows, owners: owners.filter(isOfServer(server)) }]
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof TribError)) throw error
        onUnreached(server.name, messageOf(error))
        return []
      }
    }),
  )
  return asked.flat()
}

const isOfServer =
  (server: LocatedDatabase) =>
  ({ located }: Owner) =>
    isSameServer(located.address, server.address)

export interface Owner {
  readonly connector: Connector
  readonly located: LocatedDatabase
}

async function locateOwners(
  context: AskOptions['context'],
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
  context: AskOptions['context'],
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
