import * as z from 'zod'
import type { Database } from '../database/connect.ts'
import type { TableName } from '../pipelines/pipeline.ts'

/** A column of a source and the one that it lands in. */
export interface KnownColumn {
  readonly number: number
  readonly name: string
  readonly type: string
  /** Of the landing table's column; null: there is none. */
  readonly landing: number | null
  /** The source has dropped it; what it held stays in the warehouse. */
  readonly isGone: boolean
}

/** What a source's table was like when everything about it fitted its landing table. */
export interface KnownTable {
  /** The connector. */
  readonly source: string
  readonly oid: string
  readonly table: TableName
  readonly landing: TableName
  readonly fileNode: string
  readonly columns: readonly KnownColumn[]
}

const columnsSchema = z.array(
  z.object({
    number: z.number(),
    name: z.string(),
    type: z.string(),
    landing: z.number().nullable(),
    isGone: z.boolean(),
  }),
)

/**
 * Kept in the warehouse, beside what it speaks of: a rename that happened while nobody looked can only be told from a
 * column that was dropped and another that was added by what was known before.
 */
const makeTable = `
  create schema if not exists tributary;
  create table if not exists tributary.known_tables (
    source text not null,
    oid bigint not null,
    source_schema text not null,
    source_table text not null,
    landing_schema text not null,
    landing_table text not null,
    file_node bigint not null,
    columns jsonb not null,
    looked_at timestamptz not null default now(),
    primary key (source, oid)
  )`

/** Empty where nobody ever followed. */
export async function readKnownTables(database: Database): Promise<readonly KnownTable[]> {
  const { rows: there } = await database.query<{ is: boolean }>(
    `select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'tributary' and c.relname = 'known_tables' and has_table_privilege(c.oid, 'select')) as is`,
  )
  if (!there[0]?.is) return []
  const { rows } = await database.query(
    `select source, oid::text, source_schema, source_table, landing_schema, landing_table, file_node::text, columns
     from tributary.known_tables`,
  )
  return rows.map(row => ({
    source: String(row['source']),
    oid: String(row['oid']),
    table: { schema: String(row['source_schema']), table: String(row['source_table']) },
    landing: { schema: String(row['landing_schema']), table: String(row['landing_table']) },
    fileNode: String(row['file_node']),
    columns: columnsSchema.parse(row['columns']),
  }))
}

/** Of a table that was made anew under its name, the former is forgotten. */
export async function writeKnownTable(database: Database, known: KnownTable): Promise<void> {
  await database.query(makeTable)
  await database.query(
    `delete from tributary.known_tables
     where source = $1 and oid <> $2 and source_schema = $3 and source_table = $4`,
    [known.source, known.oid, known.table.schema, known.table.table],
  )
  await database.query(
    `insert into tributary.known_tables
       (source, oid, source_schema, source_table, landing_schema, landing_table, file_node, columns)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (source, oid) do update set source_schema = excluded.source_schema,
       source_table = excluded.source_table, landing_schema = excluded.landing_schema,
       landing_table = excluded.landing_table, file_node = excluded.file_node, columns = excluded.columns,
       looked_at = now()`,
    [
      ...[known.source, known.oid, known.table.schema, known.table.table],
      ...[known.landing.schema, known.landing.table, known.fileNode, JSON.stringify(known.columns)],
    ],
  )
}

/** Of a table that is to flow no more; nobody may ever have followed it. */
export async function forgetKnownTable(
  database: Database,
  { source, table: { schema, table } }: { readonly source: string; readonly table: TableName },
): Promise<void> {
  if ((await readKnownTables(database)).length === 0) return
  await database.query(
    'delete from tributary.known_tables where source = $1 and source_schema = $2 and source_table = $3',
    [source, schema, table],
  )
}
