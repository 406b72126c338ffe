import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { namedTables } from '../pipelines/captured-tables.ts'
import { topicOf } from '../pipelines/routing.ts'
import { findSignalTable } from '../verify/signal-table.ts'

export type SignalType = 'execute-snapshot' | 'pause-snapshot' | 'resume-snapshot' | 'stop-snapshot'

export interface SignalPath {
  readonly source: Connector
  /** The source's, which may write the signal table. */
  readonly database: Database
  readonly progress: Pick<SinkProgress, 'createLike'>
  /** A topic after which the signal's is made, where there is none. */
  readonly model: string
}

interface Signal {
  /** Up to 42 characters. */
  readonly id: string
  readonly type: SignalType
  readonly data: Readonly<Record<string, unknown>>
  /** Its row stays, for others to see. (Default: false) */
  readonly isKept?: boolean
}

/** Says something to the connector, by a row of its signal table. Gives where in the WAL it was said. */
export async function sendSignal(
  path: SignalPath,
  { id, type, data, isKept = false }: Signal,
): Promise<bigint> {
  const { source, database, progress, model } = path
  const table = await findSignalTable(source, database)
  // Debezium writes what happens in its signal table to a topic as well. Where that does not exist and nobody may make
  // it, the connector's producer waits for it: one signal would bring the whole pipeline to a standstill.
  await progress.createLike(topicOf(source.config, table), model)
  await database.query(`insert into ${table.name} (id, type, data) values ($1, $2, $3)`, [
    ...[id, type, JSON.stringify(data)],
  ])
  const { rows } = await database.query<{ at: string }>(
    `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as at`,
  )
  if (!isKept) await database.query(`delete from ${table.name} where id = $1`, [id])
  return BigInt(rows[0]?.at ?? '0')
}

/** A topic that the source writes already. */
export function signalTopicModel({ config }: Connector): string {
  const [table] = namedTables(config)
  return table ? topicOf(config, table) : ''
}
