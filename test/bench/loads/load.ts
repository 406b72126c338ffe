/** A table of a load, under the same name on both sides. */
export interface LoadTable {
  readonly name: string
  /** Columns and constraints, the same on both sides. */
  readonly columns: string
  /** The values of a row with this id, for SQL. */
  readonly rowOf: (id: string) => string
  /** Columns that only the warehouse has. */
  readonly landedColumns?: string
  /** Whether updates carry the old row, as a table with long values needs. (Default: false) */
  readonly hasFullIdentity?: boolean
}

interface Common {
  readonly name: string
  readonly tables: readonly LoadTable[]
  /** In what is said to be a change or a row: what rates and CPU are counted by. */
  readonly rows: number
  readonly rounds: number
  /** Names of the only arms that it is for. (Default: all) */
  readonly arms?: readonly string[]
}

export type Load =
  /** Rows that are there before the pipeline is made. */
  | (Common & { readonly kind: 'snapshot'; readonly fill: readonly string[] })
  /** Changes that are committed while the pipeline stands still. */
  | (Common & {
      readonly kind: 'backlog'
      /** Rows that are there, and have landed, before. */
      readonly fill: readonly string[]
      /** Each in a session of its own, all at once. */
      readonly writers: readonly string[]
    })
  /** Rows one by one, each timed from its insert to its landing. */
  | (Common & {
      readonly kind: 'latency'
      readonly perSecond: number
      readonly warmUpSeconds: number
      readonly seconds: number
    })

/** Rows of the bench itself, by id: each says that what was written before it has landed. */
export const markers = { snapshot: -1, stream: -2, last: -3 } as const
