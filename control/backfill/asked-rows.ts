import { randomUUID } from 'node:crypto'
import type { TableName } from '../pipelines/pipeline.ts'
import { collectionPattern } from './collection-pattern.ts'
import { type SignalPath, sendSignal } from './signal.ts'

export interface AskedRows {
  readonly table: TableName
  /** An SQL condition. (Default: all rows) */
  readonly where?: string | undefined
  /** How many there are, for the progress; may be an estimate. */
  readonly rows: number
}

export interface Asked extends AskedRows {
  /** As the connector's offset names it for as long as it is at work. */
  readonly id: string
  /** Where in the WAL it was asked. */
  readonly at: bigint
}

/** Asks for the rows of tables, one after the other; they come in chunks between the changes, none of which they overtake. */
export async function askForRows(path: SignalPath, wanted: readonly AskedRows[]): Promise<readonly Asked[]> {
  const asked: Asked[] = []
  for (const one of wanted) {
    const id = `trib-backfill-${randomUUID().slice(0, 8)}`
    const at = await sendSignal(path, { id, type: 'execute-snapshot', data: dataOf(one) })
    asked.push({ ...one, id, at })
  }
  return asked
}

function dataOf({ table, where }: AskedRows) {
  const pattern = collectionPattern(table)
  return {
    type: 'incremental',
    'data-collections': [pattern],
    ...(where === undefined
      ? {}
      : { 'additional-conditions': [{ 'data-collection': pattern, filter: where }] }),
  }
}
