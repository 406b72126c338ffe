import { escapeIdentifier, escapeLiteral } from 'pg'
import type { Key, TableShape } from './store.ts'

interface BatchOptions {
  readonly shape: TableShape
  /** As a signal names the table: `public\\.CommunityUsers`. */
  readonly pattern: string
  /** Of the signal table's column `data`; undefined: as long as one likes. */
  readonly dataLength: number | undefined
}

export interface SignalBatch {
  readonly keys: readonly Key[]
  /** What is written into the column `data`. */
  readonly data: string
}

/** Not longer, though there be room: the connector reads the rows of one signal in one transaction. */
const longestData = 16_000

/** The signals by which Debezium reads just these rows again, each short enough for the signal table; pure. */
export function signalBatches(
  keys: readonly Key[],
  { shape, pattern, dataLength = longestData }: BatchOptions,
): readonly SignalBatch[] {
  const limit = Math.min(dataLength, longestData)
  const isInteger = shape.key.every(name => shape.columns.find(one => one.name === name)?.form === 'integer')
  const runs = isInteger && shape.key.length === 1 ? toRuns(keys) : keys.map(key => [key])
  const dataOf = (those: readonly (readonly Key[])[]) => signalData(pattern, filterOf(shape.key, those))
  const batches: (readonly (readonly Key[])[])[] = []
  let batch: (readonly Key[])[] = []
  for (const run of runs) {
    if (batch.length > 0 && dataOf([...batch, run]).length > limit) {
      batches.push(batch)
      batch = []
    }
    batch.push(run)
  }
  if (batch.length > 0) batches.push(batch)
  return batches.map(those => ({ keys: those.flat(), data: dataOf(those) }))
}

/** Integers that follow each other: `between 5 and 90` is shorter than 86 numbers. */
function toRuns(keys: readonly Key[]): readonly (readonly Key[])[] {
  const sorted = keys.map(([value = '0']) => BigInt(value)).sort((a, b) => (a < b ? -1 : 1))
  const runs: bigint[][] = []
  for (const value of sorted) {
    const last = runs.at(-1)
    if (last?.at(-1) === value - 1n) last.push(value)
    else runs.push([value])
  }
  return runs.map(run => run.map(value => [String(value)]))
}

function filterOf(columns: readonly string[], runs: readonly (readonly Key[])[]): string {
  const names = columns.map(name => escapeIdentifier(name)).join(', ')
  const literal = (key: Key) => {
    const values = key.map(value => escapeLiteral(value))
    return values.length === 1 ? values.join() : `(${values.join(', ')})`
  }
  const long = runs.filter(run => run.length > 2)
  const single = runs.filter(run => run.length <= 2).flat()
  const ranges = long.map(run => `${names} between ${literal(run[0] ?? [])} and ${literal(run.at(-1) ?? [])}`)
  const position = columns.length === 1 ? names : `(${names})`
  const list = single.length > 0 ? [`${position} in (${single.map(literal).join(', ')})`] : []
  return [...ranges, ...list].join(' or ')
}

/** Both names are patterns to Debezium. */
function signalData(pattern: string, filter: string): string {
  return JSON.stringify({
    type: 'incremental',
    'data-collections': [pattern],
    'additional-conditions': [{ 'data-collection': pattern, filter }],
  })
}
