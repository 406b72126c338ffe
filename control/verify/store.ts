/** What verify needs of a database. Postgres is the first; another joins by answering the same questions. */

/** The columns of a key as text, in the order of the key; `1` and `01` are two keys, so a store writes them one way. */
export type Key = readonly string[]

export interface Column {
  readonly name: string
  /** As the database writes it, with length and scale: `numeric(10,2)`, `text[]`. */
  readonly type: string
  readonly form: Form
}

/**
 * What a type is to a comparison, whatever its name in its database. Two columns are compared in a form that holds
 * both; where there is none, nobody can say whether their values are equal.
 */
export type Form =
  | 'integer'
  | 'numeric'
  | 'float'
  | 'boolean'
  | 'text'
  | 'padded text'
  | 'uuid'
  | 'timestamp with time zone'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'time with time zone'
  | 'interval'
  | 'json'
  | 'json as written'
  | 'pairs'
  | 'bytes'
  | 'network address'
  | 'bits'
  | `list of ${string}`
  /** Known by its name only: compared with the very same type, in the text that it is written in. */
  | `own ${string}`

export interface TableShape {
  /** Quoted where it has to be, for sentences and statements: `public."CommunityUsers"`. */
  readonly name: string
  readonly columns: readonly Column[]
  /** The columns that Debezium takes for the record's key; empty: none. */
  readonly key: readonly string[]
  /** About how many rows; only decides how finely the table is cut. */
  readonly estimatedRows: number
}

/** One column on one side, and the form in which both sides are hashed. */
export interface ComparedColumn {
  readonly name: string
  readonly form: Form
  readonly as: Form
}

/** What one side does: each list in the same order on both. */
export interface SidePlan {
  readonly table: string
  readonly key: readonly ComparedColumn[]
  readonly columns: readonly ComparedColumn[]
}

/** From `from` to before `to`, in the order of the key; undefined: without end. */
export interface Range {
  readonly from: Key | undefined
  readonly to: Key | undefined
}

/** Equal for equal rows in whatever order; `rows` and `sum` are those of the range. */
export interface RangeSum {
  readonly rows: number
  readonly sum: string
}

export interface RowVersion {
  readonly hash: string
  /** Changes with every write of the row, also with one that changes nothing in it. */
  readonly version: string
}

/** Rows by the JSON of their key; a key that is there twice has a hash that no single row has. */
export type RowsByKey<T> = ReadonlyMap<string, T>

/** The rows of one table as one side of a comparison. All hashing happens in the database; only sums travel. */
export interface RowReader {
  /** Keys that cut the table into about that many pieces, in order; from a sample where it has many rows. */
  cut(pieces: number, estimatedRows: number): Promise<readonly Key[]>
  /** For each range the keys that cut it into pieces of about `rows` rows, in order. */
  split(ranges: readonly Range[], rows: number): Promise<readonly (readonly Key[])[]>
  /** For each range, which must be in order and must not overlap. */
  sums(ranges: readonly Range[]): Promise<readonly RangeSum[]>
  hashes(ranges: readonly Range[]): Promise<RowsByKey<string>>
  versions(keys: readonly Key[]): Promise<RowsByKey<RowVersion>>
  /**
   * Removes rows of these versions and no others, one batch: holds them, asks `isGone` for each key, and removes those
   * for which it is so. A write that comes meanwhile waits, and then finds no row in its way.
   */
  remove(
    rows: RowsByKey<string>,
    isGone: (keys: readonly Key[]) => Promise<readonly Key[]>,
  ): Promise<readonly Key[]>
}

/** One session with one database. */
export interface Store extends AsyncDisposable {
  /** For sentences: `community_db at 127.0.0.1:7011`. */
  readonly where: string
  /** Two stores can be compared only where these are equal: how a row of known values is hashed there. */
  fingerprint(): Promise<string>
  /** undefined: there is no such table. */
  describe(table: { readonly schema: string; readonly table: string }): Promise<TableShape | undefined>
  reader(plan: SidePlan): RowReader
}

export const keyText = (key: Key): string => JSON.stringify(key)
export const keyOf = (text: string): Key => JSON.parse(text) as Key
