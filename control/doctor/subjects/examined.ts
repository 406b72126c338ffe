import type { Connector } from '../../connect/connect-api.ts'
import { kindOf } from '../../plan/connector-kind.ts'
import { shortClass } from '../../plan/effective-config.ts'
import type { Fix } from '../finding.ts'

/** A connector that is looked at: deployed, or declared only. */
export interface Examined extends Connector {
  readonly isDeployed: boolean
}

export const isPostgresSource = ({ config, type }: Connector) => kindOf(config, type).debezium === 'postgres'

/** The JDBC sink of Debezium, writing to Postgres; other JDBC sinks have other keys. */
export function isPostgresSink({ config }: Connector): boolean {
  const className = config['connector.class'] ?? ''
  const isDebezium = className.startsWith('io.debezium.') || !className.includes('.')
  return (
    isDebezium &&
    shortClass(className) === 'JdbcSink' &&
    /^jdbc:postgresql:/.test(config['connection.url'] ?? '')
  )
}

/** A config value as it is, undefined where only the worker knows what `${env:…}` means. */
export function literal(value: string | undefined): string | undefined {
  return value === undefined || value.includes('${') ? undefined : value
}

/** The fix that sets a key. */
export function setKey(connector: Examined, key: string, value: string): Fix {
  return setKeys(connector, [[key, value]])
}

export function setKeys(
  { name, isDeployed }: Examined,
  settings: readonly (readonly [key: string, value: string])[],
): Fix {
  return { kind: 'config', connector: name, isDeployed, settings }
}
