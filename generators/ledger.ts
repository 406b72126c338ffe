import type { Database } from '../control/database/connect.ts'

/** What a generator has been asked for; together these name one history. */
export interface HistoryKey {
  /** (Default: 42) */
  readonly seed: number
  /** Rows of it. (Default: 20,000) */
  readonly history: number
  /** (Default: the moment of the first start) */
  readonly historyEnd: Date | undefined
}

/** How far it has come, as the database remembers it. */
export interface Ledger {
  readonly id: string
  readonly historyEnd: Date
  readonly rowsWritten: number
  readonly liveRows: number
  readonly liveOperations: number
  readonly firstId: string | null
  readonly lastId: string | null
}

const columns = `
  id, history_end as "historyEnd", rows_written::float8 as "rowsWritten", live_rows::float8 as "liveRows",
  live_operations::float8 as "liveOperations", first_id as "firstId", last_id as "lastId"`

/** Finds the record of this history, or begins it. */
export async function openLedger(
  database: Database,
  { seed, history, historyEnd }: HistoryKey,
  now: Date,
): Promise<Ledger> {
  const requestedEnd = historyEnd?.toISOString() ?? null
  await database.query(
    `insert into tributary.generated (seed, history_rows, requested_end, history_end, finished_at)
     values ($1, $2, $3, $4, case when $2::bigint = 0 then now() end)
     on conflict (seed, history_rows, requested_end) do nothing`,
    [seed, history, requestedEnd, requestedEnd ?? now.toISOString()],
  )
  const found = await database.query<Ledger>(
    `select ${columns} from tributary.generated
     where seed = $1 and history_rows = $2 and requested_end is not distinct from $3`,
    [seed, history, requestedEnd],
  )
  return theOnly(found.rows)
}

/** The record as it is now, kept from others until the transaction ends. */
export async function lockLedger(database: Database, id: string): Promise<Ledger> {
  const found = await database.query<Ledger>(
    `select ${columns} from tributary.generated where id = $1 for update`,
    [id],
  )
  return theOnly(found.rows)
}

export async function saveLedger(database: Database, ledger: Ledger): Promise<void> {
  await database.query(
    `update tributary.generated set live_rows = $2, live_operations = $3, first_id = $4, last_id = $5 where id = $1`,
    [ledger.id, ledger.liveRows, ledger.liveOperations, ledger.firstId, ledger.lastId],
  )
}

function theOnly(rows: readonly Ledger[]): Ledger {
  const [ledger] = rows
  if (ledger === undefined) throw new Error('the record of this generator is gone from tributary.generated')
  return ledger
}
