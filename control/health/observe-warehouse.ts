import { escapeIdentifier } from 'pg'
import type { Connector } from '../connect/connect-api.ts'
import { type Database, type DatabaseAddress, openDatabase } from '../database/connect.ts'
import { isBeatLog, type Span } from '../pipelines/beat-log.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { readKnownTables } from '../schema/known-tables.ts'
import { readBeatRuns } from './beat-runs.ts'
import { byName } from './by-name.ts'
import { findTable } from './find-table.ts'
import { connectTimeoutMs } from './observe-database.ts'
import type { LandedTable, SqlPlace, WarehouseSight } from './snapshot.ts'

interface LookOptions {
  readonly place: SqlPlace
  /** (Default: a session that is closed again) */
  readonly open?: typeof openDatabase | undefined
  /** The names of the tables that the sink writes to. */
  readonly targets: readonly string[]
  /** The target of each source's heartbeat. */
  readonly heartbeats: readonly string[]
  readonly clockNow: () => number
  readonly signal?: AbortSignal | undefined
}

/** What the sink's database says of the tables that land there, and when each source was last heard of. */
export async function observeWarehouse(
  { config }: Connector,
  address: DatabaseAddress,
  { place, open = openDatabase, targets, heartbeats, clockNow, signal }: LookOptions,
): Promise<WarehouseSight> {
  await using database = await open({
    ...{ ...address, applicationName: 'trib health', connectTimeoutMs, signal },
  })
  const { rows } = await database.query<{ now_ms: number; search_path: string | null }>(
    `select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
            (select substr(setting, length('search_path=') + 1)
             from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) as setting
             where r.rolname = $1 and setting like 'search_path=%'
             order by s.setdatabase desc limit 1) as search_path`,
    [config['connection.username'] ?? ''],
  )
  const skewMs = (rows[0]?.now_ms ?? clockNow()) - clockNow()
  const searchPath = (rows[0]?.search_path ?? 'public')
    .split(',')
    .map(part => part.trim().replaceAll('"', ''))
  const tables = await readTables(database, targets)
  const places = heartbeats.flatMap(name => findTable(tables, name, searchPath) ?? [])
  const beats = await readBeats(database, places)
  const atMs = clockNow()
  // After the beats themselves: an entry of the log is never looked for before its beat is known.
  const beatRuns = byName<readonly Span[]>()
  for (const log of tables.filter(isBeatLog)) {
    const runs = await readBeatRuns(database, log)
    if (runs) beatRuns[log.table] = runs
  }
  return { place, atMs, skewMs, tables, searchPath, known: await readKnownTables(database), beats, beatRuns }
}

async function readTables(database: Database, names: readonly string[]): Promise<readonly LandedTable[]> {
  const { rows } = await database.query<TableName & { changes: string }>(
    `select n.nspname as schema, c.relname as table,
            coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::text as changes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_all_tables s on s.relid = c.oid
     where c.relkind in ('r', 'p') and c.relname = any($1)`,
    [names],
  )
  return rows.map(({ schema, table, changes }) => ({ schema, table, changes: Number(changes) }))
}

/** Only tables of our own shape; what another heartbeat's columns mean nobody can say. */
async function readBeats(
  database: Database,
  places: readonly TableName[],
): Promise<Readonly<Record<string, number>>> {
  const beats = byName<number>()
  const distinct = [...new Map(places.map(one => [`${one.schema}.${one.table}`, one])).values()]
  for (const { schema, table } of distinct) {
    const name = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`
    const { rows: shape } = await database.query(
      `select from pg_attribute where attrelid = $1::regclass and attname in ('source', 'beat_at') and not attisdropped`,
      [name],
    )
    if (shape.length !== 2) continue
    const { rows } = await database.query<{ source: string; at_ms: number }>(
      `select source, extract(epoch from max(beat_at))::float8 * 1000 as at_ms from ${name} group by source`,
    )
    for (const { source, at_ms } of rows) beats[source] = at_ms
  }
  return beats
}
