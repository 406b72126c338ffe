import { escapeIdentifier } from 'pg'
import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { type Database, type OpenDatabaseOptions, openDatabase } from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { locateSource } from '../pipelines/locate-databases.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { findSignalTable } from '../verify/signal-table.ts'
import { firstNumberOf, keyShare } from './key-share.ts'
import { type OpenSnapshot, readSnapshots, type StoredSnapshots } from './read-snapshots.ts'
import { readSignalMarks } from './signal-marks.ts'

/** A table whose rows are being read again, or that waits for it. */
export interface Backfill {
  readonly source: string
  /** As Debezium writes it: `public.Orders`. */
  readonly table: string
  readonly where: string | null
  /** `unknown`: its database could not be asked. */
  readonly state: 'running' | 'paused' | 'waiting' | 'unknown'
  /** About how many rows the table has; null: not known, or only some of them are read. */
  readonly rows: number | null
  /** How much of them was read when the source stored its place last; null: its keys do not tell. */
  readonly percent: number | null
}

interface ReadOptions {
  readonly context: Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>
  readonly connect: Pick<ConnectClient, 'offsets'>
  readonly connectors: readonly Connector[]
  readonly signal?: AbortSignal | undefined
  /** Whoever asks again and again keeps its sessions. (Default: opened, and closed again) */
  readonly open?: ((options: OpenDatabaseOptions) => Promise<Database>) | undefined
  /** A source that cannot be asked; the others are. */
  readonly onUnreached: (source: string, sentence: string) => void
}

/** Of every Postgres source, what it reads again: the first of each is at work. */
export async function readBackfills(options: ReadOptions): Promise<readonly Backfill[]> {
  const { connect, connectors, signal, onUnreached } = options
  const found: Backfill[] = []
  for (const source of connectors) {
    if (kindOf(source.config, source.type).debezium !== 'postgres') continue
    try {
      const stored = readSnapshots(await connect.offsets(source.name))
      if (stored.open.length > 0) found.push(...(await lookAt(source, stored, options)))
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof TribError)) throw error
      onUnreached(source.name, messageOf(error))
    }
  }
  return found
}

async function lookAt(
  source: Connector,
  stored: StoredSnapshots,
  { context, signal, open = openDatabase, onUnreached }: ReadOptions,
): Promise<readonly Backfill[]> {
  const plain = stored.open.map((one, place) => toBackfill(source, one, place === 0 ? 'unknown' : 'waiting'))
  try {
    const { address } = await locateSource(context, source)
    await using database = await open({ ...address, applicationName: 'trib get backfills', signal })
    const { name } = await findSignalTable(source, database)
    const { isPaused } = await readSignalMarks(database, name)
    const sized: Backfill[] = []
    for (const [place, one] of plain.entries()) {
      const table = await findTable(database, one.table)
      const rows = one.where === null ? (table?.rows ?? null) : null
      if (place > 0) sized.push({ ...one, rows })
      else {
        const share = one.where === null && table ? await shareOf(source, stored, { database, table }) : null
        const percent = share === null ? null : Math.floor(share * 1000) / 10
        sized.push({ ...one, rows, percent, state: isPaused ? 'paused' : 'running' })
      }
    }
    return sized
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof TribError)) throw error
    onUnreached(source.name, messageOf(error))
    return plain
  }
}

const toBackfill = ({ name }: Connector, one: OpenSnapshot, state: Backfill['state']): Backfill => ({
  ...{ source: name, table: one.collection, where: one.where ?? null, state, rows: null, percent: null },
})

interface FoundTable {
  readonly schema: string
  readonly table: string
  readonly rows: number | null
  /** The first column of its primary key. */
  readonly key: string | null
}

/** What the statistics say costs nothing; those of rows that were just written are there before those of an analysis. */
async function findTable(database: Database, collection: string): Promise<FoundTable | undefined> {
  const { rows } = await database.query<FoundTable>(
    `select n.nspname as schema, c.relname as "table", a.attname as key,
       nullif(greatest((
         select sum(greatest(part.reltuples, coalesce(s.n_live_tup, 0), 0)) from pg_class part
           left join pg_stat_user_tables s on s.relid = part.oid
         where part.oid = c.oid or part.oid in (select relid from pg_partition_tree(c.oid) where isleaf)
       ), 0), 0)::float8 as rows
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       left join pg_index i on i.indrelid = c.oid and i.indisprimary
       left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where n.nspname || '.' || c.relname = $1 and c.relkind in ('r', 'p')`,
    [collection.replaceAll('"', '')],
  )
  return rows[0]
}

interface ShareOptions {
  readonly database: Database
  readonly table: FoundTable
}

async function shareOf(
  { config }: Connector,
  { key, lastKey }: StoredSnapshots,
  { database, table }: ShareOptions,
): Promise<number | null> {
  const [now, last] = [key, lastKey].map(one => (one === undefined ? undefined : firstNumberOf(one)))
  if (now === undefined || last === undefined || table.key === null || config['message.key.columns'])
    return null
  const column = escapeIdentifier(table.key)
  const { rows } = await database.query<{ first: string | null }>(
    `select min(${column})::text as first from ${escapeIdentifier(table.schema)}.${escapeIdentifier(table.table)}`,
  )
  const first = rows[0]?.first
  return first === null || first === undefined ? null : keyShare({ first: BigInt(first), now, last })
}
