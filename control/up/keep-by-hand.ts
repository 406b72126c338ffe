import type { ConnectorConfig } from '../connect/connect-api.ts'
import type { DeclaredConnector } from '../declared/declared-connector.ts'
import type { RevisionSummary } from '../history/history.ts'
import { splitList } from '../plan/effective-config.ts'

/** Lists of what flows: what stands in them beside the files was added by hand, and stays. */
const flowingKeys: ReadonlySet<string> = new Set(['table.include.list', 'topics'])

interface Deployed {
  readonly live: ConnectorConfig
  /** Newest first. */
  readonly revisions: readonly RevisionSummary[]
  /** As it was applied from files the last time, where that is known. */
  readonly applied: ConnectorConfig | undefined
}

/**
 * Pure: what the files declare, without taking back what was changed since then with `patch`, `add table`,
 * `remove table` or `rollback`. Who starts a stack again wants it as it was; `trib diff` shows how far it is from the
 * files.
 */
export function keepByHand(declared: DeclaredConnector, deployed: Deployed): DeclaredConnector {
  const config: Record<string, string> = {}
  for (const key of new Set([...Object.keys(declared.config), ...Object.keys(deployed.live)])) {
    const value = valueToKeep(key, declared.config[key], deployed)
    if (value !== undefined) config[key] = value
  }
  return { ...declared, config }
}

function valueToKeep(
  key: string,
  wanted: string | undefined,
  { live, revisions, applied }: Deployed,
): string | undefined {
  const found = live[key]
  if (wanted === found) return wanted
  if (wanted !== undefined && found !== undefined && flowingKeys.has(key)) {
    const [names, flowing, before] = [wanted, found, applied?.[key] ?? ''].map(splitList) as [
      List,
      List,
      List,
    ]
    const isRemoved = (name: string) => before.includes(name) && !flowing.includes(name)
    return [...names.filter(name => !isRemoved(name)), ...flowing.filter(name => !names.includes(name))].join(
      ',',
    )
  }
  const last = revisions.find(({ keys }) => keys.includes(key))
  return last?.kind === 'patch' || last?.kind === 'rollback' ? found : wanted
}

type List = readonly string[]
