import type { Database } from '../database/connect.ts'
import type { Column } from '../doctor/subjects/table-facts.ts'
import type { TableName } from '../pipelines/pipeline.ts'

/** A table of a source, as far as its schema can change under those who read it. */
export interface SourceTable extends TableName {
  readonly oid: string
  /** Changes when the table is rewritten or truncated. */
  readonly fileNode: string
  readonly isEmpty: boolean
  /** Has the trigger by which a TRUNCATE arrives as deletes. */
  readonly isTruncateGuarded: boolean
  readonly columns: readonly SourceColumn[]
}

export interface SourceColumn extends Column {
  /** Stays through a rename; one that is added never gets an old one. */
  readonly number: number
  /** The value that rows from before the column have: Postgres keeps it in the catalogue. */
  readonly missing: string | null
}

export interface LandingTable extends TableName {
  readonly columns: readonly LandingColumn[]
}

export interface LandingColumn extends Column {
  readonly number: number
  readonly isKey: boolean
  /** Views that read it: Postgres does not change the type under them. */
  readonly views: readonly string[]
}

const columnFacts = `
  a.attnum::int as number, a.attname::text as name,
  case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) else format_type(t.oid, a.atttypmod) end as type,
  b.typname::text as "typeName", b.typtype::text as "typeKind", e.typname::text as "elementName",
  e.typtype::text as "elementKind", a.attnotnull as "isNotNull", a.attgenerated <> '' as "isGenerated",
  a.atthasdef or a.attidentity <> '' as "hasDefault", false as "isToastable"`

const typesOfColumn = `
  join pg_type t on t.oid = a.atttypid
  join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  left join pg_type e on e.oid = b.typelem and b.typcategory = 'A'`

export interface TableId extends TableName {
  readonly oid: string
}

/** Every table by name: what is captured is a matter of patterns. */
export async function readTableNames(database: Database): Promise<readonly TableId[]> {
  const { rows } = await database.query<TableId>(
    `select c.oid::int8::text as oid, n.nspname::text as schema, c.relname::text as table
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and c.relpersistence = 'p' and n.nspname !~ '^(pg_|information_schema$)'
     order by 2, 3`,
  )
  return rows
}

/** One question for all tables. A missing value is kept as an array of one. */
export async function readSourceTables(
  database: Database,
  oids: readonly string[],
): Promise<readonly SourceTable[]> {
  const { rows } = await database.query<SourceTable & { columns: SourceColumn[] | null }>(
    `select c.oid::int8::text as oid, n.nspname::text as schema, c.relname::text as table,
       c.relfilenode::int8::text as "fileNode", c.relkind = 'r' and pg_relation_size(c.oid) = 0 as "isEmpty",
       exists (select from pg_trigger g join pg_proc p on p.oid = g.tgfoid where g.tgrelid = c.oid
         and p.proname = 'delete_before_truncate' and g.tgenabled in ('O', 'A')) as "isTruncateGuarded",
       (select jsonb_agg(to_jsonb(x) order by x.number) from (
         select ${columnFacts},
           case when a.atthasmissing then (a.attmissingval::text::text[])[1] end as missing
         from pg_attribute a ${typesOfColumn}
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) x) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid::int8 = any($1::int8[])`,
    [oids],
  )
  return rows.map(row => ({ ...row, columns: row.columns ?? [] }))
}

export async function readLandingTables(
  database: Database,
  names: readonly TableName[],
): Promise<readonly LandingTable[]> {
  const { rows } = await database.query<LandingTable & { columns: LandingColumn[] | null }>(
    `select n.nspname::text as schema, c.relname::text as table,
       (select jsonb_agg(to_jsonb(x) order by x.number) from (
         select ${columnFacts},
           exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary
             and a.attnum = any(i.indkey::int2[])) as "isKey",
           array(select distinct r.ev_class::regclass::text from pg_depend d join pg_rewrite r on r.oid = d.objid
             where d.classid = 'pg_rewrite'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum) as views
         from pg_attribute a ${typesOfColumn}
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) x) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and (n.nspname, c.relname) in
       (select * from unnest($1::text[], $2::text[]))`,
    [names.map(({ schema }) => schema), names.map(({ table }) => table)],
  )
  return rows.map(row => ({ ...row, columns: row.columns ?? [] }))
}
