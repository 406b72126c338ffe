/** One connector's, or topic's, way from what is live to what is declared. */
export interface PlannedChange {
  /** (Default: a connector) */
  readonly resource?: 'topic'
  readonly name: string
  readonly kind: ChangeKind
  readonly risk: Risk
  /** The keys that differ, sorted; for `set-state` the one key `state`. */
  readonly keys: readonly KeyChange[]
  /** Why the risk is what it is, and what else a reader should know: sentences without a full stop. */
  readonly notes: readonly string[]
}

export type ChangeKind = 'create' | 'configure' | 'set-state' | 'restart' | 'delete' | 'none'

/** From harmless to not; the last two ask for `--yes`. */
export const risks = ['safe', 'restarts-tasks', 're-snapshots', 'loses-position'] as const
export type Risk = (typeof risks)[number]

export interface KeyChange {
  readonly key: string
  /** undefined: not there before. Secrets are already `***`. */
  readonly from: string | undefined
  /** undefined: not there afterwards. */
  readonly to: string | undefined
}

export function isRisky({ risk }: PlannedChange): boolean {
  return risk === 're-snapshots' || risk === 'loses-position'
}
