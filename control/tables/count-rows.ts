import type { Database } from '../database/connect.ts'
import { qualified } from '../doctor/subjects/source-subject.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import type { TableName } from '../pipelines/pipeline.ts'

interface CountOptions {
  readonly table: TableName
  /** An SQL condition. (Default: all rows) */
  readonly where?: string | undefined
}

/** Above this the catalogue's estimate will do: a progress need not be exact, and counting reads the whole table. */
const exactUpTo = 2_000_000

export async function countRows(database: Database, { table, where }: CountOptions): Promise<number> {
  if (where !== undefined) return countWhere(database, { table, where })
  const { rows } = await database.query<{ about: number }>(
    `select coalesce(sum(greatest(reltuples, 0)), 0)::float8 as about from pg_class
     where oid in (select relid from pg_partition_tree($1::regclass)) or oid = $1::regclass`,
    [qualified(table)],
  )
  const about = rows[0]?.about ?? 0
  return about > exactUpTo ? about : countWhere(database, { table, where: 'true' })
}

/** The connector would fail at a condition that Postgres does not understand: it is tried here, as one expression. */
async function countWhere(
  database: Database,
  { table, where }: { readonly table: TableName; readonly where: string },
): Promise<number> {
  try {
    const { rows } = await database.query<{ count: string }>(
      // With a value it goes as one prepared statement, into which no second one fits.
      `select count(*)::text as count from ${qualified(table)} where $1::text is not null and (${where}\n)`,
      ['all'],
    )
    return Number(rows[0]?.count ?? 0)
  } catch (error) {
    if (error instanceof TribError && error.isRetriable) throw error
    throw new TribError(
      'USAGE',
      `'${where}' is no condition on ${table.schema}.${table.table}: ${messageOf(error)}; nothing was asked for`,
      { hint: `a condition as after WHERE: --where "id > 1000"`, cause: error },
    )
  }
}
