import type { ConnectorConfig } from '../connect/connect-api.ts'
import { splitList } from '../plan/effective-config.ts'
import type { TableName } from './pipeline.ts'

/** The heartbeat and signal tables change all the time, and say nothing of the user's data. */
export function isOwnTable({ schema, table }: TableName, config: ConnectorConfig): boolean {
  const name = `${schema}.${table}`
  if (splitList(config['signal.data.collection'] ?? '').includes(name)) return true
  const beat = (config['heartbeat.action.query'] ?? '').replaceAll('"', '')
  return new RegExp(`(^|[^\\w.])${name.replace(/[^\w]/g, '\\$&')}([^\\w.]|$)`, 'i').test(beat)
}
