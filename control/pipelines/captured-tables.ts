import type { ConnectorConfig } from '../connect/connect-api.ts'
import { splitList } from '../plan/effective-config.ts'
import type { TableName } from './pipeline.ts'
import { wholly } from './routing.ts'

/** Which of a database's tables a Debezium Postgres source captures: its lists are patterns, whatever their case. */
export function capturedTables<T extends TableName>(
  config: ConnectorConfig,
  tables: readonly T[],
): readonly T[] {
  const fits = (list: string, text: string) =>
    splitList(config[list] ?? '').some(pattern => wholly(pattern, 'i').test(text))
  const has = (list: string) => splitList(config[list] ?? '').length > 0
  return tables.filter(({ schema, table }) => {
    const name = `${schema}.${table}`
    if (has('schema.include.list') && !fits('schema.include.list', schema)) return false
    if (fits('schema.exclude.list', schema) || fits('table.exclude.list', name)) return false
    return !has('table.include.list') || fits('table.include.list', name)
  })
}

/** The tables that the list names outright: all that can be said where the database cannot be asked. */
export function namedTables(config: ConnectorConfig): readonly TableName[] {
  return splitList(config['table.include.list'] ?? '').flatMap(name => {
    const [, schema, table] = /^([^.\\*+?()[\]|{}^$]+)\\?\.([^.\\*+?()[\]|{}^$]+)$/.exec(name) ?? []
    return schema !== undefined && table !== undefined ? [{ schema, table }] : []
  })
}
