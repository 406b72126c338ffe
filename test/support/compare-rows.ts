import type { Database } from '../../control/database/connect.ts'

/** A table as SQL names it, and its key. */
export interface ComparedTable {
  readonly table: string
  /** (Default: id) */
  readonly keys?: readonly string[]
  /** As the other side names it. (Default: the same) */
  readonly target?: string
}

export interface Comparison {
  readonly rows: number
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly different: readonly string[]
  /** The first differences, each with the whole row of both sides; empty: every column of every row is equal. */
  readonly told: readonly string[]
}

const toldAtMost = 10
/** Of a line; long values are long. */
const shownAtMost = 300
const shortened = (line: string) => (line.length > shownAtMost ? `${line.slice(0, shownAtMost)}…` : line)

/**
 * Reads both tables whole and compares them here, row by row: no sum, nothing of what `trib verify` does. Columns are
 * compared as Postgres prints them, in the order of the table, so that one more or fewer is a difference too.
 */
export async function compareRows(
  source: Database,
  target: Database,
  table: ComparedTable,
): Promise<Comparison> {
  const [there, here] = await Promise.all([
    readRows(source, table.table, table),
    readRows(target, table.target ?? table.table, table),
  ])
  const missing: string[] = []
  const different: string[] = []
  const told: string[] = []
  for (const [key, row] of there) {
    const landed = here.get(key)
    if (landed === row) continue
    ;(landed === undefined ? missing : different).push(key)
    told.push(
      landed === undefined
        ? `${table.table} ${key} is missing: ${row}`
        : `${table.table} ${key} is ${landed}, not ${row}`,
    )
  }
  const extra = [...here.keys()].filter(key => !there.has(key))
  told.push(...extra.map(key => `${table.table} ${key} is extra: ${here.get(key)}`))
  return { rows: there.size, missing, extra, different, told: told.slice(0, toldAtMost).map(shortened) }
}

async function readRows(
  database: Database,
  table: string,
  { keys = ['id'] }: ComparedTable,
): Promise<Map<string, string>> {
  const { rows } = await database.query<{ key: string; row: string }>(
    `select concat_ws(',', ${keys.map(key => `${key}::text`).join(', ')}) as key, t::text as row from ${table} t`,
  )
  const read = new Map(rows.map(({ key, row }) => [key, row]))
  if (read.size !== rows.length) throw new Error(`${table} holds ${rows.length} rows, but ${read.size} keys`)
  return read
}
