import type { Database } from '../../control/database/connect.ts'
import { waitFor } from '../../control/system/retry.ts'
import { type LoadTable, markers } from './loads/load.ts'

interface Sum {
  readonly rows: string
  readonly checksum: string
}

export interface Sides {
  readonly source: Database
  readonly warehouse: Database
}

/** Rows and a sum of hashes over every column that both sides have. */
async function sumsOf(database: Database, tables: readonly LoadTable[]): Promise<readonly Sum[]> {
  const sums: Sum[] = []
  for (const { name, columns, landedColumns } of tables) {
    const whole = landedColumns ? `(${columnNames(columns)})` : 't'
    const { rows } = await database.query<{ rows: string; checksum: string }>(
      `select count(*)::text as rows, coalesce(sum(hashtextextended(${whole}::text, 0)), 0)::text as checksum from ${name} t`,
    )
    sums.push(...rows)
  }
  return sums
}

const columnNames = (columns: string) =>
  columns
    .split(', ')
    .map(column => column.split(' ')[0])
    .join(', ')

interface UntilEqualOptions {
  readonly tables: readonly LoadTable[]
  /** Rejects where the pipeline has failed: nothing is left to wait for. */
  readonly check: () => Promise<void>
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

const checkEveryMs = 3_000

/**
 * Waits until count and checksum of each table agree, and gives the time at which the look began that found them so.
 * Before each table's last row has landed the sums are not worth their cost: that of a million rows takes half a second,
 * and after each that differs they rest for as long as it took.
 */
export async function untilEqual(
  { source, warehouse }: Sides,
  { tables, check, ...patience }: UntilEqualOptions,
): Promise<number> {
  let checkedAt = performance.now()
  let lookAgainAt = 0
  const wanted = JSON.stringify(await sumsOf(source, tables))
  const lastRows = tables
    .map(({ name }) => `select from ${name} where id = ${markers.last}`)
    .join(' union all ')
  return waitFor(
    async () => {
      const { rows } = await warehouse.query(lastRows)
      if (rows.length < tables.length) {
        // Not at each look: the worker that is measured answers it.
        if (performance.now() - checkedAt > checkEveryMs) {
          await check()
          checkedAt = performance.now()
        }
        return { pending: `the last row of ${rows.length} of ${tables.length} tables` }
      }
      const began = performance.now()
      if (began < lookAgainAt) return { pending: 'the sums differed' }
      const seen = JSON.stringify(await sumsOf(warehouse, tables))
      const now = performance.now()
      lookAgainAt = now + (now - began)
      return seen === wanted ? { done: began } : { pending: `${seen}, not ${wanted}` }
    },
    { what: 'count and checksum to agree', intervalMs: 50, ...patience },
  )
}
