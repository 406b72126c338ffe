import type { ConnectorKind } from './connector-kind.ts'
import { type ConfigSide, effectiveValue, type KeyDifference } from './effective-config.ts'
import { type Risk, risks } from './planned-change.ts'
import { riskRows } from './risk-rows.ts'

export interface Reconfiguration {
  readonly name: string
  readonly kind: ConnectorKind
  readonly before: ConfigSide
  readonly after: ConfigSide
  readonly differences: readonly KeyDifference[]
}

/** What the rows of the table may look at: one key's change, and the configs around it. */
export interface ChangedKey extends KeyDifference {
  readonly name: string
  readonly kind: ConnectorKind
  before(key: string): string | undefined
  after(key: string): string | undefined
}

/** What can be said of one changed key; no risk means that it is only a fact to be known. */
export interface RiskRow {
  readonly keys: RegExp
  readonly of: (kind: ConnectorKind) => boolean
  /** (Default: always) */
  readonly when?: (changed: ChangedKey) => boolean
  /** (Default: restarts-tasks, as any change of a config does) */
  readonly risk?: Risk
  /** A sentence without a full stop, or none. No value that may hold a secret. */
  readonly note: (changed: ChangedKey) => string | undefined
}

/** The worst of all that is said of any changed key, with every reason. */
export function riskOf(change: Reconfiguration): { readonly risk: Risk; readonly notes: readonly string[] } {
  const { name, kind, before, after, differences } = change
  const found = differences.flatMap(difference => {
    const changed: ChangedKey = {
      ...difference,
      name,
      kind,
      before: key => effectiveValue(before, key),
      after: key => effectiveValue(after, key),
    }
    return riskRows
      .filter(row => row.keys.test(changed.key) && row.of(kind) && (row.when?.(changed) ?? true))
      .map(row => ({ risk: row.risk ?? 'restarts-tasks', note: row.note(changed) }))
  })
  const worst = Math.max(...['restarts-tasks' as Risk, ...found.map(({ risk }) => risk)].map(rank))
  const notes = found.flatMap(({ note }) => note ?? [])
  return { risk: risks[worst] ?? 'loses-position', notes: [...new Set(notes)] }
}

const rank = (risk: Risk) => risks.indexOf(risk)
