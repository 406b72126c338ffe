import { DatabaseError } from 'pg'
import type { Database } from '../control/database/connect.ts'
import { messageOf, TribError } from '../control/errors/trib-error.ts'
import type { Log } from '../control/output/log.ts'
import type { Clock } from '../control/system/clock.ts'
import { retry } from '../control/system/retry.ts'
import { delayAbort } from './delay-abort.ts'
import type { GeneratedTable } from './generated-table.ts'
import { writeHistory } from './history.ts'
import { type HistoryKey, type Ledger, openLedger } from './ledger.ts'
import { writeLive } from './live.ts'

export interface GeneratorOptions extends HistoryKey {
  /** Live changes a second; 0: history only. (Default: 0.5) */
  readonly rate: number
  /** Between two bursts of live changes. (Default: 2,000) */
  readonly intervalMs: number
}

export interface GeneratorDeps {
  /** Opens the source's database as its generator; the signal's abort cuts the connection. */
  connect(source: string, options: { readonly signal: AbortSignal }): Promise<Database>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** For the jitter of waiting only; rows follow from the seed. */
  random(): number
}

/** What `/healthz` answers; the loop writes it, anyone may read it. */
export interface GeneratorStatus {
  phase: 'waiting-for-database' | 'writing-history' | 'live' | 'finished'
  readonly source: string
  historyRows: number
  liveRows: number
  /** The last failure, kept after it is over: it says why rows are late. */
  lastError: string | null
}

export interface GeneratorContext {
  readonly table: GeneratedTable
  readonly options: GeneratorOptions
  readonly deps: GeneratorDeps
  readonly status: GeneratorStatus
}

/** Time for the transaction under way when the signal aborts; then the connection is cut, and nothing of it stays. */
const graceMs = 1_000
const longestDelayMs = 5_000

export function newStatus(source: string): GeneratorStatus {
  return { phase: 'waiting-for-database', source, historyRows: 0, liveRows: 0, lastError: null }
}

/**
 * Writes the history, then live changes until the signal aborts, which rejects with its reason; at rate 0 it resolves
 * after the history. A database that is away, restarts or has no tables yet is waited for, however long it takes.
 */
export async function runGenerator(context: GeneratorContext): Promise<void> {
  const { status, deps } = context
  using cut = delayAbort(deps.signal, graceMs)
  for (;;) {
    const { database, ledger } = await reachDatabase(context, cut.signal)
    try {
      await using _database = database
      await writeHistory(database, ledger, context)
      if (context.options.rate > 0) await writeLive(database, ledger, context)
      status.phase = 'finished'
      return
    } catch (error) {
      deps.signal.throwIfAborted()
      if (!isDatabaseFailure(error)) throw error
      reportFailure(context, error)
    }
    await deps.clock.wait(500 + deps.random() * 500, deps.signal)
  }
}

interface Reached {
  readonly database: Database
  readonly ledger: Ledger
}

async function reachDatabase(context: GeneratorContext, cut: AbortSignal): Promise<Reached> {
  const { table, options, status, deps } = context
  const { clock, log, signal } = deps
  const waitingSince = clock.now()
  status.phase = 'waiting-for-database'
  const attempt = async () => {
    try {
      return await openReady(context, cut)
    } catch (error) {
      signal.throwIfAborted()
      if (!isDatabaseFailure(error)) throw error
      reportFailure(context, error)
      // Not only a lost connection passes: tables, the role and its password come with `trib up`, perhaps after us.
      throw new TribError(error.code, error.message, { cause: error, isRetriable: true })
    }
  }
  const reached = await retry(attempt, {
    deadlineMs: Number.POSITIVE_INFINITY,
    maxDelayMs: longestDelayMs,
    signal,
    clock,
    random: deps.random,
  })
  status.historyRows = reached.ledger.rowsWritten
  status.liveRows = reached.ledger.liveRows
  log.info('database reached', {
    source: table.source,
    waitedMs: clock.now() - waitingSince,
    historyRows: status.historyRows,
    of: options.history,
    liveRows: status.liveRows,
  })
  return reached
}

async function openReady({ table, options, deps }: GeneratorContext, cut: AbortSignal): Promise<Reached> {
  const database = await deps.connect(table.source, { signal: cut })
  try {
    return { database, ledger: await openLedger(database, options, new Date(deps.clock.now())) }
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
}

/** Anything else ends the generator: waiting mends no defect, nor a table whose columns are not ours. */
function isDatabaseFailure(error: unknown): error is TribError {
  return error instanceof TribError && error.code === 'DATABASE_FAILED' && !isMisunderstood(error.cause)
}

/** Class 42, but for a table that is not there yet and a grant that is not given yet. */
function isMisunderstood(cause: unknown): boolean {
  return cause instanceof DatabaseError && /^42(?!P01|501)/.test(cause.code ?? '')
}

/** Once for each reason: a database that is away for a night must not fill the log. */
function reportFailure({ table, status, deps }: GeneratorContext, error: unknown): void {
  const reason = messageOf(error)
  if (status.phase === 'waiting-for-database' && status.lastError === reason) return
  status.phase = 'waiting-for-database'
  status.lastError = reason
  deps.log.warn('waiting for the database', { source: table.source, reason })
}
