import type { Database } from '../control/database/connect.ts'
import type { GeneratedTable } from './generated-table.ts'
import type { GeneratorContext } from './generator.ts'
import { historyTime } from './history-time.ts'
import type { Ledger } from './ledger.ts'
import { randomAt } from './random-at.ts'
import { columnArrays, historyBatch } from './statements.ts'

/** Rows of one statement. Measured on two cores: 46,000 rows/s with 100, 84,000 with 1,000, 90,000 with 10,000. */
const batchRows = 1_000
const progressMs = 2_000

/** Writes what the record says is missing; afterwards the table holds the whole history, once. */
export async function writeHistory(
  database: Database,
  ledger: Ledger,
  context: GeneratorContext,
): Promise<void> {
  const { table, options, status, deps } = context
  const { clock, log, signal } = deps
  const startedAt = clock.now()
  let written = ledger.rowsWritten
  let reportedAt = startedAt
  if (written < options.history) status.phase = 'writing-history'
  while (written < options.history) {
    signal.throwIfAborted()
    written = await writeBatch(database, { ...ledger, rowsWritten: written }, context)
    status.historyRows = written
    if (clock.now() - reportedAt < progressMs && written < options.history) continue
    reportedAt = clock.now()
    const seconds = (reportedAt - startedAt) / 1000
    const rowsPerSecond = Math.round((written - ledger.rowsWritten) / Math.max(seconds, 0.001))
    const secondsLeft = Math.ceil((options.history - written) / Math.max(rowsPerSecond, 1))
    log.info('history written', {
      source: table.source,
      rows: written,
      of: options.history,
      rowsPerSecond,
      secondsLeft,
    })
  }
}

/** How many rows there are now; another generator of the same history may have written them. */
async function writeBatch(
  database: Database,
  ledger: Ledger,
  { table, options }: GeneratorContext,
): Promise<number> {
  const count = Math.min(batchRows, options.history - ledger.rowsWritten)
  const rows = Array.from({ length: count }, (_, offset) =>
    historyRow(table, ledger.rowsWritten + offset, {
      seed: options.seed,
      rows: options.history,
      end: ledger.historyEnd,
    }),
  )
  const values = [ledger.id, ledger.rowsWritten, ...columnArrays(table, rows)]
  const { rows: answers } = await database.query<{ rowsWritten: number }>(historyBatch(table), values)
  if (answers[0]) return answers[0].rowsWritten
  const current = await database.query<{ rowsWritten: number }>(
    'select rows_written::float8 as "rowsWritten" from tributary.generated where id = $1',
    [ledger.id],
  )
  return current.rows[0]?.rowsWritten ?? ledger.rowsWritten
}

interface HistoryPlan {
  readonly seed: number
  readonly rows: number
  readonly end: Date
}

/** Row `index` of a history, the same whenever and wherever it is made. */
export function historyRow(
  table: GeneratedTable,
  index: number,
  { seed, rows, end }: HistoryPlan,
): readonly string[] {
  const offset = randomAt(seed, `${table.source}/time`, index)()
  return table.row(index, historyTime(index, { rows, end, offset }))
}
