import type { ConnectorConfig } from '../connect/connect-api.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { wholly } from '../pipelines/routing.ts'
import { splitList } from '../plan/effective-config.ts'

/** Whether a Debezium source leaves a column out, masks or cuts it, so that the warehouse differs on purpose. */
export function leftOutColumns(
  config: ConnectorConfig,
  { schema, table }: TableName,
): (column: string) => boolean {
  const fits = (list: string, column: string) =>
    splitList(list).some(pattern => wholly(pattern, 'i').test(`${schema}.${table}.${column}`))
  const included = config['column.include.list']
  const changed = Object.entries(config).filter(([key]) => /^column\.(mask|truncate)\./.test(key))
  return column =>
    (included !== undefined && included !== '' && !fits(included, column)) ||
    fits(config['column.exclude.list'] ?? '', column) ||
    changed.some(([, list]) => fits(list, column))
}
