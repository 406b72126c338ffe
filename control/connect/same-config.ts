import type { ConnectorConfig } from './connect-api.ts'

/** Whether both have the same keys with the same values; `name`, which Connect adds, does not count. */
export function sameConfig(one: ConnectorConfig, other: ConnectorConfig): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].every(key => key === 'name' || one[key] === other[key])
}
