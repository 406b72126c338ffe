import { escapeIdentifier } from 'pg'
import type { Database } from '../database/connect.ts'
import { beatEveryMs, type Span } from '../pipelines/beat-log.ts'
import type { TableName } from '../pipelines/pipeline.ts'

/**
 * The stretches of time in which a source beat without a break: as many as there were outages in a day, and so few
 * that both sides can be read at each look. undefined: this user may not read them.
 */
export async function readBeatRuns(
  database: Database,
  { schema, table }: TableName,
): Promise<readonly Span[] | undefined> {
  const name = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`
  const { rows: right } = await database.query<{ may: boolean }>(
    `select has_table_privilege($1, 'select') as may`,
    [name],
  )
  if (right[0]?.may !== true) return undefined
  const { rows } = await database.query<{ first: string; last: string }>(
    `select min(tick) as first, max(tick) as last
     from (select tick, tick - row_number() over (order by tick) as run from ${name}) as numbered
     group by run order by min(tick)`,
  )
  return rows.map(({ first, last }) => ({
    fromMs: Number(first) * beatEveryMs,
    toMs: Number(last) * beatEveryMs,
  }))
}
