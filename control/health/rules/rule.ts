import type { HealthState, HopName } from '../report.ts'
import type { Sight } from '../sight.ts'

/** One known failure: how it is seen, what it means in one sentence, and the command that helps. */
export interface Rule {
  /** Unique; shown by `explain` and kept in the report. */
  readonly id: string
  readonly hop: HopName
  readonly find: (sight: Sight) => Finding | undefined
}

export interface Finding {
  readonly state: Exclude<HealthState, 'ok'>
  readonly cause: string
  readonly command: string | undefined
  /** It shows that something is wrong, not what: another finding is the cause where there is one. (Default: false) */
  readonly isConsequence?: boolean
}
