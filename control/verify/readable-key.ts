import type { TableShape } from './store.ts'

interface Keyed {
  readonly schema: string
  readonly table: string
  readonly key: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string; readonly typeName: string }[]
}

/**
 * Debezium hands the key of the last row that it read back as text, and Postgres finds no operator for that: a
 * timestamptz fails at once, the others after their first chunk of 1,024 rows, with a line in the worker's log and no
 * other word. What is not here is read whole: `test/faults/own-tables.test.ts`.
 */
const unreadable: readonly string[] = ['timestamptz', 'timestamp', 'time']

/** Pure: why a connector cannot read all rows of a table again, in the order of its key; undefined: it can. */
export function unreadableKey({ schema, table, key, columns }: Keyed): string | undefined {
  const column = columns.find(one => key.includes(one.name) && unreadable.includes(one.typeName))
  return column && sentence(`${schema}.${table}`, column)
}

/** The same of some rows, which fit into one chunk. */
export function unreadableRows({ name, key, columns }: TableShape): string | undefined {
  const column = columns.find(one => key.includes(one.name) && one.form === 'timestamp with time zone')
  return column && sentence(name, column)
}

const sentence = (table: string, { name, type }: { readonly name: string; readonly type: string }) =>
  `the key of ${table} has ${name} (${type}), by which Debezium cannot read rows again: only changes from now on can be carried`
