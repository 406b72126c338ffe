/** One table of a scenario: how it is written and what its rows are. The loop around it knows nothing else. */
export interface GeneratedTable {
  /** The service whose database holds it. */
  readonly source: string
  /** With its schema, quoted as SQL wants it. */
  readonly name: string
  readonly columns: readonly GeneratedColumn[]
  /** The values of row `index`, in the order of the columns: a pure function of both arguments. */
  row(index: number, at: Date): readonly string[]
  /** The new values that change number `operation` gives a row; null leaves the value alone. */
  change(operation: number): readonly (string | null)[]
}

export interface GeneratedColumn {
  readonly name: string
  readonly type: 'text' | 'timestamptz'
}
