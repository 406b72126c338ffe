import type { KnownColumn } from './known-tables.ts'
import type { LandingTable, SourceTable } from './table-shapes.ts'

/** What is done by itself. */
export type Step =
  /** In the warehouse. */
  | { readonly kind: 'sql'; readonly sentence: string; readonly statement: string }
  /** Values changed of which no record speaks: the rows are read once more. */
  | { readonly kind: 'read-again'; readonly sentence: string }
  /** Nothing is to be done, but somebody should know. */
  | { readonly kind: 'note'; readonly sentence: string; readonly command: string }

/** What only a person can decide. */
export interface Refusal {
  readonly sentence: string
  /** SQL in the warehouse; without it only the sentence helps. */
  readonly statements: readonly string[]
  /** What else may be meant. */
  readonly otherwise?: { readonly meaning: string; readonly statements: readonly string[] }
  /** Rows would land changed, without a failure: the sink is to stand until it is decided. */
  readonly mustStop: boolean
}

export interface About {
  readonly now: SourceTable
  readonly landing: LandingTable
  /** As SQL names it. */
  readonly table: string
  readonly isRewritten: boolean
  readonly isFirst: boolean
  readonly nameIn: (name: string) => string
}

export interface Outcome {
  /** undefined: not known yet. */
  readonly column: KnownColumn | undefined
  readonly steps: readonly Step[]
  readonly refusals: readonly Refusal[]
}
