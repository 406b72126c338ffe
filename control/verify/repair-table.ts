import { randomUUID } from 'node:crypto'
import { collectionPattern } from '../backfill/collection-pattern.ts'
import type { ConnectClient } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { named } from '../output/shell-words.ts'
import { topicOf } from '../pipelines/routing.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import { findStandstill } from './find-standstill.ts'
import type { Sides } from './find-suspects.ts'
import type { CompareTask } from './plan-verify.ts'
import { type SignalBatch, signalBatches } from './signal-batches.ts'
import { findSignalTable } from './signal-table.ts'
import { type Key, keyOf, keyText } from './store.ts'
import { openTombstones } from './tombstones.ts'
import type { Compared } from './verify-table.ts'

interface RepairOptions {
  readonly task: CompareTask
  readonly outcome: Compared & { readonly sides: Sides }
  /** The source's, which may write the signal table. */
  readonly database: Database
  readonly connect: Pick<ConnectClient, 'status'>
  readonly progress: Pick<SinkProgress, 'createLike' | 'ends' | 'access'>
  /** For one batch to land. (Default: 60,000 ms) */
  readonly deadlineMs?: number
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (text: string) => void
}

/** Rows held by one transaction while the source is asked. */
const rowsPerRemoval = 1_000

/** Mends just these rows: what the source has is read again by its connector, what it lacks is deleted. */
export async function repairTable(options: RepairOptions): Promise<void> {
  const { extra, missing, different } = options.outcome.findings
  const back = extra.size > 0 ? await removeExtra(extra, options) : []
  const keys = [...missing, ...different, ...back]
  if (keys.length > 0) await readAgain(keys, options)
}

/** Gives those that the source has again by then: their rows may lie before their deletes in the topic. */
async function removeExtra(
  extra: ReadonlyMap<string, string>,
  { task, outcome, progress, signal, onProgress = () => {} }: RepairOptions,
): Promise<readonly Key[]> {
  const { source, target } = outcome.sides
  const tombstones = openTombstones({ topic: task.path.topic, shape: outcome.shape, progress, signal })
  const rows = [...extra]
  const back: Key[] = []
  let removed = 0
  let areTold = true
  for (let first = 0; first < rows.length; first += rowsPerRemoval) {
    const some = new Map(rows.slice(first, first + rowsPerRemoval))
    const gone = await target.remove(some, async keys => {
      const there = await source.versions(keys)
      const lacked = keys.filter(key => !there.has(keyText(key)))
      // Before the rows go: where the topic cannot hear of it nothing is half done.
      if (lacked.length > 0) areTold = (await tombstones(lacked)) && areTold
      return lacked
    })
    removed += gone.length
    const there = await source.versions(gone)
    back.push(...gone.filter(key => there.has(keyText(key))))
  }
  const where = areTold
    ? 'in the warehouse and in the topic'
    : 'in the warehouse; a replay of the topic would bring them back'
  onProgress(`${removed} of ${extra.size} rows deleted ${where}`)
  return back
}

/** By an incremental snapshot of these keys only: it goes the way of every change, so that none is overtaken. */
async function readAgain(keys: readonly Key[], options: RepairOptions): Promise<void> {
  const { task, outcome, database, progress, onProgress = () => {} } = options
  const signalTable = await findSignalTable(task.sourceConnector, database)
  // Debezium writes what happens in its signal table to a topic as well. Where that does not exist and nobody may make
  // it, the connector's producer waits for it: one signal would bring the whole pipeline to a standstill.
  await progress.createLike(topicOf(task.sourceConnector.config, signalTable), task.path.topic)
  const batches = signalBatches(keys, {
    shape: outcome.shape,
    pattern: collectionPattern(task.tables.source),
    dataLength: signalTable.dataLength,
  })
  let done = 0
  for (const batch of batches) {
    await snapshot(batch, signalTable.name, options)
    done += batch.keys.length
    onProgress(`${done} of ${keys.length} rows read again`)
  }
}

/** One after the other: a second signal for the same table may be taken for the first one's. */
async function snapshot(
  { keys, data }: SignalBatch,
  signalTable: string,
  options: RepairOptions,
): Promise<void> {
  const { task, outcome, database, connect, deadlineMs = 60_000, clock = systemClock, signal } = options
  const id = `trib-verify-${randomUUID().slice(0, 8)}`
  await database.query(`insert into ${signalTable} (id, type, data) values ($1, 'execute-snapshot', $2)`, [
    id,
    data,
  ])
  let open = keys
  const look = async (): Promise<Outlook<true>> => {
    open = await stillDifferent(open, outcome.sides)
    if (open.length === 0) return { done: true }
    const { source, sink } = task.path
    for (const name of [source, sink]) {
      const standstill = findStandstill(name, await connect.status(name))
      if (standstill) throw standstill
    }
    return { pending: `${open.length} still differ` }
  }
  try {
    await waitFor(look, {
      what: `${task.path.source} to read ${keys.length} rows of ${task.table} again`,
      ...{ deadlineMs, clock, signal, intervalMs: 300 },
      hint: `npx trib describe connector ${named(task.path.source)}`,
    })
  } finally {
    await database.query(`delete from ${signalTable} where id = $1`, [id])
  }
}

/** Of these keys, those whose rows are not the same on both sides at this moment. */
export async function stillDifferent(
  keys: readonly Key[],
  { source, target }: Sides,
): Promise<readonly Key[]> {
  const there = await source.versions(keys)
  const here = await target.versions(keys)
  return keys
    .map(keyText)
    .filter(text => there.get(text)?.hash !== here.get(text)?.hash)
    .map(keyOf)
}
