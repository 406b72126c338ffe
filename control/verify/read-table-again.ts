import { collectionPattern } from '../backfill/collection-pattern.ts'
import { sendSignal } from '../backfill/signal.ts'
import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import type { TableName } from '../pipelines/pipeline.ts'

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
export async function readTableAgain({
  sourceConnector: source,
  table,
  id,
  ...path
}: ReadAgainOptions): Promise<void> {
  const data = { type: 'incremental', 'data-collections': [collectionPattern(table)] }
  await sendSignal({ source, ...path }, { id, type: 'execute-snapshot', data })
}
