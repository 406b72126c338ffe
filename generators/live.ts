import { type Database, transaction } from '../control/database/connect.ts'
import type { GeneratorContext } from './generator.ts'
import { type Ledger, lockLedger, saveLedger } from './ledger.ts'
import { type Random, randomAt } from './random-at.ts'
import { columnArrays, deleteRows, insertRows, updateRows } from './statements.ts'

/** What real tables see: 70 % inserts, 20 % updates, 10 % deletes. */
export type Operation = 'insert' | 'update' | 'delete'

export function operationOf(random: Random): Operation {
  const share = random()
  if (share < 0.7) return 'insert'
  return share < 0.9 ? 'update' : 'delete'
}

/** A burst beyond this is several transactions: each ends within a fraction of a second, also when told to stop. */
const transactionOperations = 1_000

/** Bursts of live changes, until the signal aborts or the database fails. */
export async function writeLive(
  database: Database,
  ledger: Ledger,
  context: GeneratorContext,
): Promise<never> {
  const { table, options, status, deps } = context
  const { clock, log, signal } = deps
  status.phase = 'live'
  log.info('live changes begin', {
    source: table.source,
    rowsPerSecond: options.rate,
    intervalMs: options.intervalMs,
  })
  let due = 0
  let nextAt = clock.now()
  for (;;) {
    due += (options.rate * options.intervalMs) / 1000
    while (due >= 1) {
      signal.throwIfAborted()
      const count = Math.min(Math.floor(due), transactionOperations)
      status.liveRows = await writeBurst(database, ledger.id, count, context)
      due -= count
    }
    // A burst that took longer than the interval is not made up for: the database is busy enough.
    nextAt = Math.max(nextAt + options.intervalMs, clock.now())
    await clock.wait(nextAt - clock.now(), signal)
  }
}

/** One transaction of the next `count` operations and their record; gives the number of rows inserted so far. */
export function writeBurst(
  database: Database,
  ledgerId: string,
  count: number,
  context: GeneratorContext,
): Promise<number> {
  const { table, options, deps } = context
  return transaction(database, async () => {
    const ledger = await lockLedger(database, ledgerId)
    const planned = planBurst(options.seed, table.source, ledger.liveOperations, count)

    const firstRow = options.history + ledger.liveRows
    const at = new Date(deps.clock.now())
    const rows = planned.inserts.map((_, offset) => table.row(firstRow + offset, at))
    const {
      rows: [range],
    } = await database.query<KeyRange>(insertRows(table), columnArrays(table, rows))
    const firstId = ledger.firstId ?? range?.firstId ?? null
    const lastId = range?.lastId ?? ledger.lastId

    const changes = planned.updates.map(({ number }) => table.change(number))
    await database.query(updateRows(table), [
      firstId,
      lastId,
      placesOf(planned.updates),
      ...columnArrays(table, changes),
    ])
    await database.query(deleteRows(table), [firstId, lastId, placesOf(planned.deletes)])

    const liveRows = ledger.liveRows + rows.length
    await saveLedger(database, {
      ...ledger,
      liveRows,
      liveOperations: ledger.liveOperations + count,
      firstId,
      lastId,
    })
    return liveRows
  })
}

interface KeyRange {
  readonly firstId: string | null
  readonly lastId: string | null
}

interface PlannedOperation {
  readonly number: number
  /** Where among the existing rows its victim lies, 0 to 1. */
  readonly place: number
}

/** What operations `first` to `first + count - 1` are: the same for every run with this seed. */
export function planBurst(seed: number, source: string, first: number, count: number) {
  const planned: Record<Operation, PlannedOperation[]> = { insert: [], update: [], delete: [] }
  for (let number = first; number < first + count; number++) {
    const random = randomAt(seed, `${source}/operation`, number)
    planned[operationOf(random)].push({ number, place: random() })
  }
  return { inserts: planned.insert, updates: planned.update, deletes: planned.delete }
}

function placesOf(operations: readonly PlannedOperation[]): number[] {
  return operations.map(({ place }) => place)
}
