import type { QueryResult } from 'pg'
import { TribError } from '../errors/trib-error.ts'
import type { Database } from './connect.ts'

export type QueryOutcome =
  | {
      readonly kind: 'rows'
      readonly columns: readonly string[]
      readonly rows: readonly Record<string, unknown>[]
    }
  | { readonly kind: 'count'; readonly command: string; readonly rowCount: number }

/** Runs SQL as written; of several statements the last one's result counts, as in psql. */
export async function runQuery(database: Database, query: string, service: string): Promise<QueryOutcome> {
  const answer: QueryResult | QueryResult[] = await database.query(query).catch(error => {
    if (!(error instanceof TribError) || error.code === 'INTERRUPTED') throw error
    throw new TribError('DATABASE_FAILED', `${service} refuses the query: ${error.message}`, {
      cause: error,
      hint: error.hint,
    })
  })
  const result = Array.isArray(answer) ? answer.at(-1) : answer
  if (!result) return { kind: 'count', command: '', rowCount: 0 }
  if (result.fields.length === 0)
    return { kind: 'count', command: result.command, rowCount: result.rowCount ?? 0 }
  return {
    kind: 'rows',
    columns: result.fields.map((field: { name: string }) => field.name),
    rows: result.rows,
  }
}
