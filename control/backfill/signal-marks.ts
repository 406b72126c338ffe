import type { Database } from '../database/connect.ts'

/** What lies in a source's signal table: what Debezium notes there, and what we told it. */
export interface SignalMarks {
  /** Chunks that were read since the table was emptied. */
  readonly chunks: number
  readonly stops: readonly string[]
  /** Somebody paused it, and it stands. */
  readonly isPaused: boolean
}

/**
 * A task that begins anew has forgotten a pause and reads on, while its row stays. The chunk that was at work ends
 * after the pause, and that is all: more ends than these say that nobody stands still.
 */
const endsOfAPause = 2

/** `table` is quoted. By the age of the rows' transactions, as neither kind of row has a time of its own. */
export async function readSignalMarks(database: Database, table: string): Promise<SignalMarks> {
  const { rows } = await database.query<{ chunks: number; stops: string[]; paused: boolean }>(
    `with pause as (select min(age(xmin)) as age from ${table} where type = 'pause-snapshot')
     select (count(*) filter (where type = 'snapshot-window-close'))::int as chunks,
       coalesce(array_agg(id::text) filter (where type = 'stop-snapshot'), '{}') as stops,
       (select age from pause) is not null and count(*) filter (
         where type = 'snapshot-window-close' and age(xmin) < (select age from pause)) <= $1 as paused
     from ${table}`,
    [endsOfAPause],
  )
  const [{ chunks, stops, paused } = { chunks: 0, stops: [], paused: false }] = rows
  return { chunks, stops, isPaused: paused }
}
