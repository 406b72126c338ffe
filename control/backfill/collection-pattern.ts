import type { TableName } from '../pipelines/pipeline.ts'

const special = /[\\^$*+?()[\]{}|]/
const needsQuotes = /[\s."]/

/**
 * How a signal names a table. Names are patterns to Debezium; what a pattern finds it then takes apart again, and fails
 * at a space or a dot (`Unable to parse table identifier`). A name in quotes fits no table as a pattern, and is then
 * taken as it is.
 */
export function collectionPattern({ schema, table }: TableName): string {
  if ([schema, table].some(name => needsQuotes.test(name))) return [schema, table].map(quote).join('.')
  return `${schema}.${table}`.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

const quote = (name: string) => (needsQuotes.test(name) ? `"${name.replaceAll('"', '""')}"` : name)

/** Whether Debezium can be told which table is meant. */
export const canBeNamed = ({ schema, table }: TableName) =>
  ![schema, table].some(name => needsQuotes.test(name)) || !special.test(`${schema}${table}`)
