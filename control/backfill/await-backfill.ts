import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { findStandstill } from '../verify/find-standstill.ts'
import { findSignalTable } from '../verify/signal-table.ts'
import type { Asked } from './asked-rows.ts'
import { createCounter, type Look, progressText } from './progress.ts'
import { readSnapshots } from './read-snapshots.ts'
import { readSignalMarks } from './signal-marks.ts'

interface AwaitOptions {
  readonly source: Connector
  readonly connect: Pick<ConnectClient, 'status' | 'offsets'>
  /** The source's. */
  readonly database: Database
  /** Without another row. (Default: 90,000 ms) */
  readonly patienceMs?: number
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress: (text: string) => void
}

/** Debezium's own, where the config says nothing. */
const defaultChunkRows = 1_024
const lookEveryMs = 500

/** Resolves when the connector has read all that was asked for; it goes on without us where somebody ends the wait. */
export async function awaitBackfill(asked: readonly Asked[], options: AwaitOptions): Promise<void> {
  const { source, connect, onProgress, signal, patienceMs = 90_000, clock = systemClock } = options
  const look = await createLook(options, clock)
  const first = await look()
  const chunkRows = Number(source.config['incremental.snapshot.chunk.size'] ?? defaultChunkRows)
  const count = createCounter(asked, { chunkRows, first })
  for (let last = { seen: '', atMs: clock.now() }; ; ) {
    const now = await look()
    const progress = count(now)
    if (now.isStopped) throw stopped(source, progressText(progress))
    if (progress.isDone) return now.stored.open.length === 0 ? forgetMarks(options) : undefined
    onProgress(now.isPaused ? `${progressText(progress)}: paused` : progressText(progress))
    const seen = JSON.stringify([now.chunks, now.stored.key, now.stored.open.length])
    if (seen !== last.seen || now.isPaused) last = { seen, atMs: clock.now() }
    const standstill = findStandstill(source.name, await connect.status(source.name))
    if (standstill) throw standstill
    if (clock.now() - last.atMs > patienceMs) throw stuck(source, progressText(progress))
    await clock.wait(lookEveryMs, signal)
  }
}

/** What Debezium notes for each chunk stays for ever otherwise, and a pause ends with what was paused. */
async function forgetMarks({ source, database }: AwaitOptions): Promise<void> {
  const { name } = await findSignalTable(source, database)
  await database.query(
    `delete from ${name} where type in ('snapshot-window-open', 'snapshot-window-close')
       or type = 'pause-snapshot' and id like 'trib-%'`,
  )
}

interface SignalLook extends Look {
  readonly isPaused: boolean
  /** Somebody stopped it since the first look. */
  readonly isStopped: boolean
}

async function createLook({ source, connect, database }: AwaitOptions, clock: Clock) {
  const { name } = await findSignalTable(source, database)
  let stops: readonly string[] | undefined
  return async (): Promise<SignalLook> => {
    const { chunks, stops: now, isPaused } = await readSignalMarks(database, name)
    stops ??= now
    const before = stops
    const stored = readSnapshots(await connect.offsets(source.name))
    const isStopped = now.some(id => !before.includes(id))
    return { stored, chunks, isPaused, isStopped, atMs: clock.now() }
  }
}

const stopped = ({ name }: Connector, seen: string) =>
  new TribError('CONNECTOR_FAILED', `the backfill of ${name} was stopped, with ${seen}`, {
    hint: 'npx trib verify',
  })

const stuck = ({ name }: Connector, seen: string) =>
  new TribError(
    'DEADLINE_EXCEEDED',
    `${name} was asked to read rows again, and has read none for 90 s; last seen: ${seen}`,
    { hint: `npx trib describe connector ${named(name)}` },
  )
