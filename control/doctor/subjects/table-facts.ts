import type { Database } from '../../database/connect.ts'
import { bottomType } from '../../types/bottom-type.ts'

export interface TableFacts {
  readonly oid: string
  readonly schema: string
  readonly table: string
  readonly isPartitioned: boolean
  /** Of the table at the top, where this one is a partition. */
  readonly rootOid: string | null
  /** `d` key, `f` full row, `i` index, `n` nothing. */
  readonly identity: string
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
  readonly keyName: string | null
  /** Columns that are unique and NOT NULL, and so could be the key. */
  readonly candidate: readonly string[] | null
  readonly rows: number
  /** Bytes that are kept apart as they are long; of the partitions, too. */
  readonly toastBytes: number
  readonly columns: readonly Column[]
}

export interface Column {
  readonly name: string
  /** `character varying(40)`; of a domain, what it is made of. */
  readonly type: string
  /** `varchar`, `_int4`, `hstore`: without its length. */
  readonly typeName: string
  /** `b` base, `e` enum, `r` range, `c` composite, `m` multirange. */
  readonly typeKind: string
  /** Of an array's elements. */
  readonly elementName: string | null
  readonly elementKind: string | null
  readonly isNotNull: boolean
  readonly isGenerated: boolean
  readonly hasDefault: boolean
  /** Its long values are kept apart, and an update that does not touch them does not send them. */
  readonly isToastable: boolean
}

const tablesQuery = `
  select c.oid::int8::text as oid, n.nspname as schema, c.relname as table, c.relkind = 'p' as "isPartitioned",
    case when c.relispartition then pg_partition_root(c.oid)::oid::int8::text end as "rootOid",
    c.relreplident::text as identity, greatest(c.reltuples, 0)::float8 as rows,
    coalesce((select array_agg(a.attname::text order by k.ord)
      from pg_index i, unnest(i.indkey::int2[]) with ordinality as k(attnum, ord), pg_attribute a
      where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.attnum), '{}') as key,
    (select conname::text from pg_constraint where conrelid = c.oid and contype = 'p') as "keyName",
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a join (
        select i.indkey from pg_index i
        where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indexprs is null and not i.indisprimary
          and not exists (select from pg_attribute n
            where n.attrelid = c.oid and n.attnum = any(i.indkey::int2[]) and not n.attnotnull)
        order by i.indnatts, i.indexrelid limit 1) u on a.attnum = any(u.indkey::int2[])
      where a.attrelid = c.oid) as candidate,
    (select coalesce(sum(pg_relation_size(t.reltoastrelid)), 0)::float8 from pg_class t
      where t.reltoastrelid <> 0 and (t.oid = c.oid
        or c.relkind = 'p' and t.oid in (select relid from pg_partition_tree(c.oid)))) as "toastBytes"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  order by 2, 3`

const columnsQuery = `
  select a.attrelid::int8::text as oid, a.attname::text as name,
    format_type(b.oid, bottom.typmod) as type,
    b.typname::text as "typeName", b.typtype::text as "typeKind", e.typname::text as "elementName", e.typtype::text as "elementKind",
    a.attnotnull as "isNotNull", a.attgenerated <> '' as "isGenerated",
    a.atthasdef or a.attidentity <> '' as "hasDefault",
    b.typlen = -1 and a.attstorage in ('x', 'e') as "isToastable"
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_type own on own.oid = a.atttypid
${bottomType}
  join pg_type b on b.oid = bottom.oid
  left join pg_type e on e.oid = b.typelem and b.typcategory = 'A'
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and c.relpersistence = 'p'
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  order by a.attrelid, a.attnum`

/** What the catalogue says of every table; two questions, however many there are. */
export async function readTables(database: Database): Promise<readonly TableFacts[]> {
  const columns = new Map<string, Column[]>()
  for (const { oid, ...column } of (await database.query<Column & { oid: string }>(columnsQuery)).rows) {
    const ofTable = columns.get(oid) ?? []
    columns.set(oid, ofTable)
    ofTable.push(column)
  }
  const { rows } = await database.query<Omit<TableFacts, 'columns'>>(tablesQuery)
  return rows.map(row => ({ ...row, columns: columns.get(row.oid) ?? [] }))
}
