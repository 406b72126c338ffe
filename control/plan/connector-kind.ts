import type { ConnectorConfig } from '../connect/connect-api.ts'
import { shortClass } from './effective-config.ts'

/** Which rules hold for a connector. */
export interface ConnectorKind {
  readonly side: 'source' | 'sink'
  /** The database of a Debezium source; undefined for every other connector. */
  readonly debezium: DebeziumDatabase | undefined
}

export type DebeziumDatabase = 'postgres' | 'mysql' | 'mongodb' | 'other'

/** By what remains of the class when package and `Connector` are taken away: the short names that Connect accepts. */
const debeziumSources: Readonly<Record<string, DebeziumDatabase>> = {
  Postgres: 'postgres',
  MySql: 'mysql',
  MariaDb: 'mysql',
  MongoDb: 'mongodb',
  SqlServer: 'other',
  Oracle: 'other',
  Db2: 'other',
  Db2As400: 'other',
  Informix: 'other',
  Vitess: 'other',
  Spanner: 'other',
}

/** `type` is what Connect says of a live connector. */
export function kindOf(config: ConnectorConfig, type?: string): ConnectorKind {
  const className = config['connector.class'] ?? ''
  const short = shortClass(className)
  const isSink = type === 'sink' || (type !== 'source' && /sink/i.test(short))
  if (isSink) return { side: 'sink', debezium: undefined }
  const isDebezium = className.startsWith('io.debezium.') || !className.includes('.')
  const known = Object.hasOwn(debeziumSources, short) ? debeziumSources[short] : undefined
  const unlisted = className.startsWith('io.debezium.') ? 'other' : undefined
  return { side: 'source', debezium: isDebezium ? (known ?? unlisted) : undefined }
}
