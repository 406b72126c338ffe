import { escapeIdentifier } from 'pg'
import { sqlText } from '../health/commands-to-paste.ts'
import type { About } from './step.ts'
import type { SourceColumn } from './table-shapes.ts'

export const renameSql = (table: string, from: string, to: string) =>
  `alter table ${table} rename column ${escapeIdentifier(from)} to ${escapeIdentifier(to)}`

export const typeIn = ({ type, typeKind }: SourceColumn) => (typeKind === 'e' ? 'text' : type)

export function addSql({ table, nameIn }: About, column: SourceColumn): string {
  const type = typeIn(column)
  // Rows from before the column are on their way without it: they have this very value, here as there.
  const value = column.missing === null ? '' : ` default ${sqlText(column.missing)}::${type}`
  return `alter table ${table} add column ${escapeIdentifier(nameIn(column.name))} ${type}${value}`
}
