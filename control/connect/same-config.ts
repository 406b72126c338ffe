import type { ConnectorConfig } from './connect-api.ts'

/** The keys that only one has, or that have another value; as texts, whatever a plugin makes of them. */
export function changedKeys(one: ConnectorConfig, other: ConnectorConfig): readonly string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].filter(key => one[key] !== other[key]).sort()
}

/** Whether both have the same keys with the same values; `name`, which Connect adds, does not count. */
export function sameConfig(one: ConnectorConfig, other: ConnectorConfig): boolean {
  return changedKeys(one, other).every(key => key === 'name')
}
