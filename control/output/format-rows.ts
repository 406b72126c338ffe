import { stringify } from 'yaml'
import { assertNever } from '../errors/assert-never.ts'
import { formatTable } from './table.ts'
import { visible } from './visible.ts'

export const outputs = ['table', 'wide', 'json', 'yaml', 'name'] as const
export type Output = (typeof outputs)[number]

/** With the one that only commands whose result is a plain table of values have. */
export const allOutputs = [...outputs, 'csv'] as const

export type Row = Readonly<Record<string, unknown>>

export interface RowsFormat {
  /** Those of the table. (Default: all) */
  readonly columns?: readonly string[]
  /** Those of `-o wide`. (Default: those of the table) */
  readonly wideColumns?: readonly string[]
  /** How a row looks in a table, where that is not its plain values. */
  readonly toCells?: (row: Row) => Row
}

/** Rows as the user asked for them: a table for people, the whole document for machines. */
export function formatRows(rows: readonly Row[], output: Output, format: RowsFormat): string {
  const { columns, wideColumns = columns, toCells = row => row } = format
  switch (output) {
    case 'json':
      return `${JSON.stringify(rows, undefined, 2)}\n`
    case 'yaml':
      return toYaml(rows)
    case 'name':
      return rows.map(row => `${Object.values(row)[0]}\n`).join('')
    case 'wide':
      return formatTable(rows.map(toCells), wideColumns)
    case 'table':
      return formatTable(rows.map(toCells), columns)
    default:
      return assertNever(output)
  }
}

/** undefined: a person is to read it, who gets something better than a document. */
export function formatDocument(document: Row, output: Output): string | undefined {
  if (output === 'json') return `${JSON.stringify(document, undefined, 2)}\n`
  if (output === 'yaml') return toYaml(document)
  return output === 'name' ? `${Object.values(document)[0]}\n` : undefined
}

/** What is made visible when it is printed must stand in quotes, or it would be another text to whoever reads it. */
function toYaml(value: unknown): string {
  const text = stringify(value)
  return visible(text) === text ? text : stringify(value, { defaultStringType: 'QUOTE_DOUBLE' })
}
