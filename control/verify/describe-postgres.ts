import type { Database } from '../database/connect.ts'
import { bottomType } from '../types/bottom-type.ts'
import { formOf } from './canonical-forms.ts'
import type { Column, TableShape } from './store.ts'

const tableQuery = `
select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.reltuples as rows, c.relpages as pages,
  (coalesce(
    (select sum(pg_relation_size(relid)) from pg_partition_tree(c.oid) where isleaf),
    pg_relation_size(c.oid)
  ) / current_setting('block_size')::int)::float8 as blocks
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`

/** A domain is looked at as what it is made of, which may be a domain. */
const columnsQuery = `
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
  base.typname as base, base.typtype = 'e' as is_enum,
  element.typname as element, element.typtype = 'e' as element_is_enum
from pg_attribute a
join pg_type own on own.oid = a.atttypid
${bottomType}
join pg_type base on base.oid = bottom.oid
left join pg_type element on element.oid = base.typelem and base.typcategory = 'A'
where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
order by a.attnum`

/** As Debezium chooses it: the primary key, else the index that is the replica identity. */
const keyQuery = `
select a.attname as name
from (
  select * from pg_index where indrelid = $1 and (indisprimary or indisreplident) order by indisprimary desc limit 1
) i
cross join unnest(i.indkey) with ordinality as part(attnum, position)
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = part.attnum
where part.position <= i.indnkeyatts
order by part.position`

/** A table nobody has analyzed yet: rows of about 100 bytes. */
const usualRowsPerBlock = 80

export async function describePostgresTable(
  database: Database,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<TableShape | undefined> {
  const found = await database.query<{
    oid: string
    name: string
    rows: number
    pages: number
    blocks: number
  }>(tableQuery, [schema, table])
  const [row] = found.rows
  if (!row) return undefined
  const columns = await database.query<{
    name: string
    type: string
    base: string
    is_enum: boolean
    element: string | null
    element_is_enum: boolean | null
  }>(columnsQuery, [row.oid])
  const key = await database.query<{ name: string }>(keyQuery, [row.oid])
  const perBlock = row.pages > 0 && row.rows >= 0 ? row.rows / row.pages : usualRowsPerBlock
  return {
    name: row.name,
    estimatedRows: Math.round(row.blocks * perBlock),
    key: key.rows.map(({ name }) => name),
    columns: columns.rows.map(
      ({ name, type, base, is_enum, element, element_is_enum }): Column => ({
        name,
        type,
        form: formOf({
          name: base,
          isEnum: is_enum,
          element: element === null ? undefined : { name: element, isEnum: element_is_enum ?? false },
        }),
      }),
    ),
  }
}
