import { escapeIdentifier } from 'pg'
import type { GeneratedTable } from './generated-table.ts'

/**
 * One batch of history, its record and the progress as a single statement: it happens whole or not at all, even when
 * the generator is killed while it runs, and two generators of the same history take turns.
 * $1 ledger id, $2 rows written so far, then one array a column. No row comes back when another was faster.
 */
export function historyBatch(table: GeneratedTable): string {
  return `
    with turn as (
      select id from tributary.generated where id = $1 and rows_written = $2 for update
    ), batch as (
      insert into ${table.name} (${columnList(table)})
      select ${columnList(table, 'given.')} from turn, ${rowsFrom(table, 3)}
      order by given.n
      returning id
    )
    update tributary.generated as ledger set
      rows_written = rows_written + (select count(*) from batch),
      first_id = least(first_id, (select min(id) from batch)),
      last_id = greatest(last_id, (select max(id) from batch)),
      finished_at = case when rows_written + (select count(*) from batch) >= history_rows then now() end
    from turn where ledger.id = turn.id
    returning rows_written::float8 as "rowsWritten"`
}

/** One array a column from $1 on; answers with the range of the new keys. */
export function insertRows(table: GeneratedTable): string {
  return `
    with batch as (
      insert into ${table.name} (${columnList(table)})
      select ${columnList(table, 'given.')} from ${rowsFrom(table, 1)} order by given.n
      returning id
    )
    select min(id) as "firstId", max(id) as "lastId" from batch`
}

/** $1 and $2 the range of keys, $3 where in it each victim lies, 0 to 1; then one array of new values a column. */
export function updateRows(table: GeneratedTable): string {
  const assignments = table.columns.map(({ name }) => {
    const column = escapeIdentifier(name)
    return `${column} = coalesce(change.${column}, target.${column})`
  })
  return `
    update ${table.name} as target set ${assignments.join(', ')}
    from (
      select distinct on (victim.id) victim.id, ${columnList(table, 'given.')}
      from ${victims(table)} join ${rowsFrom(table, 4)} using (n)
      order by victim.id, n
    ) as change
    where target.id = change.id`
}

/** $1 and $2 the range of keys, $3 where in it each victim lies, 0 to 1. */
export function deleteRows(table: GeneratedTable): string {
  return `delete from ${table.name} where id in (select id from ${victims(table)})`
}

/** The first key at or after a random place of the range: no scan, and keys are dense enough for it to be fair. */
function victims(table: GeneratedTable): string {
  return `unnest($3::float8[]) with ordinality as place (fraction, n)
      cross join lateral (
        select id from ${table.name}
        where id between $1::bigint + floor(fraction * ($2::bigint - $1::bigint + 1))::bigint and $2
        order by id limit 1
      ) as victim`
}

function rowsFrom(table: GeneratedTable, firstParameter: number): string {
  const arrays = table.columns.map(({ type }, index) => `$${firstParameter + index}::${type}[]`)
  return `unnest(${arrays.join(', ')}) with ordinality as given (${columnList(table)}, n)`
}

function columnList(table: GeneratedTable, prefix = ''): string {
  return table.columns.map(({ name }) => `${prefix}${escapeIdentifier(name)}`).join(', ')
}

/** Rows, turned into one array a column. */
export function columnArrays<T>(table: GeneratedTable, rows: readonly (readonly T[])[]): (T | undefined)[][] {
  return table.columns.map((_, column) => rows.map(row => row[column]))
}
