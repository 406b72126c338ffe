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
  const { rows } = await database.query<{ from_ms: number; to_ms: number }>(
    `select extract(epoch from min(beat_at))::float8 * 1000 as from_ms, extract(epoch from max(beat_at))::float8 * 1000 as to_ms
     from (select beat_at, beat_at - row_number() over (order by beat_at) * interval '${beatEveryMs} ms' as run
           from ${name}) as numbered
     group by run order by 1`,
  )
  return rows.map(({ from_ms, to_ms }) => ({ fromMs: from_ms, toMs: to_ms }))
}
