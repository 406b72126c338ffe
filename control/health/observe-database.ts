import * as z from 'zod'
import type { Connector } from '../connect/connect-api.ts'
import { type Database, type DatabaseAddress, openDatabase } from '../database/connect.ts'
import { isBeatLog } from '../pipelines/beat-log.ts'
import { capturedTables } from '../pipelines/captured-tables.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { bottomType } from '../types/bottom-type.ts'
import { landingType, type PostgresType } from '../types/type-table.ts'
import { readBeatRuns } from './beat-runs.ts'
import type { CapturedTable, Column, DatabaseSight, SlotSight, SqlPlace } from './snapshot.ts'

/** How long a database that hangs may keep us. */
export const connectTimeoutMs = 3_000

interface LookOptions {
  readonly place: SqlPlace
  /** (Default: a session that is closed again) */
  readonly open?: typeof openDatabase | undefined
  readonly clockNow: () => number
  readonly signal?: AbortSignal | undefined
}

/** What a source's database says of itself, its slot, its publication and its captured tables. */
export async function observeDatabase(
  { config }: Connector,
  address: DatabaseAddress,
  { place, open = openDatabase, clockNow, signal }: LookOptions,
): Promise<DatabaseSight> {
  const slotName = config['slot.name'] ?? 'debezium'
  const publicationName = config['publication.name'] ?? 'dbz_publication'
  await using database = await open({
    ...{ ...address, applicationName: 'trib health', connectTimeoutMs, signal },
  })
  const facts = await readFacts(database)
  const skewMs = facts.now_ms - clockNow()
  const slot = await readSlot(database, slotName)
  const publication = await readPublication(database, publicationName)
  const all = await readTables(database, publicationName)
  const captured = capturedTables(config, all)
  const columns = await readColumns(
    database,
    captured.map(({ oid }) => oid),
  )
  const log = captured.find(isBeatLog)
  return {
    beatRuns: log && (await readBeatRuns(database, log)),
    ...{ place, skewMs, walLsn: facts.lsn, walBytes: facts.wal_bytes, walLevel: facts.wal_level },
    ...{ slotName, slot, publication, publicationName },
    needsPublication: config['plugin.name'] === 'pgoutput',
    oldestTransaction: facts.oldest_pid
      ? {
          pid: facts.oldest_pid,
          seconds: Math.round(facts.oldest_seconds ?? 0),
          state: facts.oldest_state ?? '',
        }
      : undefined,
    tables: captured.map(table => ({ ...table, columns: columns.get(table.oid) ?? [] })),
  }
}

const lsn = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end'

const factsSchema = z.object({
  now_ms: z.number(),
  lsn: z.string(),
  wal_bytes: z.coerce.number(),
  wal_level: z.string(),
  oldest_pid: z.number().nullable(),
  oldest_seconds: z.number().nullable(),
  oldest_state: z.string().nullable(),
})

/** Walsenders and vacuums are no transactions that somebody forgot. */
async function readFacts(database: Database) {
  const { rows } = await database.query(
    `select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms, (${lsn})::text as lsn,
            pg_wal_lsn_diff(${lsn}, '0/0')::text as wal_bytes, current_setting('wal_level') as wal_level,
            oldest.pid as oldest_pid, oldest.seconds as oldest_seconds, oldest.state as oldest_state
     from (select 1) as one left join lateral (
       select pid, extract(epoch from clock_timestamp() - xact_start)::float8 as seconds, state
       from pg_stat_activity
       where xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'
         and backend_xid is not null
       order by xact_start limit 1
     ) as oldest on true`,
  )
  return factsSchema.parse(rows[0])
}

const slotSchema = z
  .object({
    active: z.boolean(),
    active_pid: z.number().nullable(),
    confirmed: z.string().nullable(),
    restart: z.string().nullable(),
    retained: z.coerce.number(),
    unconfirmed: z.coerce.number(),
    wal_status: z.string().nullable(),
    safe: z.coerce.number().nullable(),
    limit_mb: z.coerce.number().nullable(),
    elsewhere: z.boolean(),
  })
  .transform(
    (row): SlotSight => ({
      isActive: row.active,
      activePid: row.active_pid ?? undefined,
      confirmedLsn: row.confirmed ?? undefined,
      restartLsn: row.restart ?? undefined,
      retainedBytes: row.retained,
      unconfirmedBytes: row.unconfirmed,
      walStatus: row.wal_status ?? 'lost',
      safeBytes: row.safe ?? undefined,
      limitBytes: row.limit_mb === null || row.limit_mb < 0 ? undefined : row.limit_mb * 1024 * 1024,
      isOfOtherDatabase: row.elsewhere,
    }),
  )

async function readSlot(database: Database, name: string): Promise<SlotSight | undefined> {
  const { rows } = await database.query(
    `select active, active_pid, confirmed_flush_lsn::text as confirmed, restart_lsn::text as restart,
            coalesce(pg_wal_lsn_diff(${lsn}, restart_lsn), 0)::text as retained,
            coalesce(pg_wal_lsn_diff(${lsn}, confirmed_flush_lsn), 0)::text as unconfirmed,
            wal_status, safe_wal_size::text as safe, database is distinct from current_database() as elsewhere,
            (select setting from pg_settings where name = 'max_slot_wal_keep_size') as limit_mb
     from pg_replication_slots where slot_name = $1`,
    [name],
  )
  return rows[0] && slotSchema.parse(rows[0])
}

async function readPublication(database: Database, name: string) {
  const { rows } = await database.query<{ puballtables: boolean }>(
    'select puballtables from pg_publication where pubname = $1',
    [name],
  )
  return rows[0] && { isForAllTables: rows[0].puballtables }
}

/**
 * By joins, not `::regclass`, which a role must have USAGE of every schema for.
 * A partitioned table is published by itself or by its partitions; those are not tables of their own here.
 */
async function readTables(
  database: Database,
  publication: string,
): Promise<readonly Omit<CapturedTable, 'columns'>[]> {
  const { rows } = await database.query<TableName & { oid: string; published: boolean; changes: string }>(
    `with published as (
       select c.oid
       from pg_publication_tables t join pg_namespace n on n.nspname = t.schemaname
         join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
       where t.pubname = $1
     )
     select c.oid::int8::text as oid, n.nspname as schema, c.relname as table,
            exists (
              select from published p where p.oid = c.oid
                 or c.relkind = 'p' and p.oid in (select relid from pg_partition_tree(c.oid))
            ) as published,
            (select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables s
             where s.relid = c.oid
                or c.relkind = 'p' and s.relid in (select relid from pg_partition_tree(c.oid)))::text as changes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    [publication],
  )
  return rows.map(({ oid, schema, table, published, changes }) => ({
    ...{ oid, schema, table, isPublished: published, changes: Number(changes) },
  }))
}

/** What a table in the warehouse that is missing would look like. */
async function readColumns(
  database: Database,
  oids: readonly string[],
): Promise<ReadonlyMap<string, readonly Column[]>> {
  const { rows } = await database.query<
    PostgresType & { oid: string; number: number; name: string; nullable: boolean; key: boolean }
  >(
    `select a.attrelid::int8::text as oid, a.attnum::int as number, a.attname as name,
            format_type(base.oid, bottom.typmod) as type,
            base.typname as "typeName", base.typtype as "typeKind",
            element.typname as "elementName", element.typtype as "elementKind", a.attgenerated <> '' as "isGenerated",
            not a.attnotnull as nullable, coalesce(a.attnum = any(i.indkey), false) as key
     from pg_attribute a join pg_type own on own.oid = a.atttypid ${bottomType}
     join pg_type base on base.oid = bottom.oid
     left join pg_type element on element.oid = base.typelem and base.typcategory = 'A'
     left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
     where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
     order by a.attrelid, a.attnum`,
    [oids],
  )
  const byTable = new Map<string, Column[]>()
  for (const { oid, number, name, nullable, key, ...type } of rows) {
    const column = { number, name, type: landingType(type), isNullable: nullable, isKey: key }
    byTable.set(oid, [...(byTable.get(oid) ?? []), column])
  }
  return byTable
}
