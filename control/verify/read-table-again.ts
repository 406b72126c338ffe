import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { topicOf } from '../pipelines/routing.ts'
import { findSignalTable } from './signal-table.ts'

interface ReadAgainOptions {
  readonly sourceConnector: Connector
  readonly table: TableName
  /** The source's, which may write the signal table. */
  readonly database: Database
  readonly progress: Pick<SinkProgress, 'createLike'>
  /** A topic after which the signal's is made, where there is none. */
  readonly model: string
  /** Of the signal; up to 42 characters. */
  readonly id: string
}

/**
 * Asks the connector to read all rows of a table again, while changes go on. Returns when it is asked: the rows come
 * in chunks between the changes, none of which they overtake.
 */
export async function readTableAgain(options: ReadAgainOptions): Promise<void> {
  const { sourceConnector, table, database, progress, model, id } = options
  const signalTable = await findSignalTable(sourceConnector, database)
  await progress.createLike(topicOf(sourceConnector.config, signalTable), model)
  await database.query(
    `insert into ${signalTable.name} (id, type, data) values ($1, 'execute-snapshot', $2)`,
    [
      id,
      JSON.stringify({
        type: 'incremental',
        'data-collections': [patternOf(`${table.schema}.${table.table}`)],
      }),
    ],
  )
  await database.query(`delete from ${signalTable.name} where id = $1`, [id])
}

/** Names are patterns to Debezium. */
export const patternOf = (collection: string) => collection.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
