import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import { readTables, type TableFacts } from '../doctor/subjects/table-facts.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { capturedTables } from '../pipelines/captured-tables.ts'
import { isOwnTable } from '../pipelines/own-tables.ts'
import { topicOf } from '../pipelines/routing.ts'
import { chooseTables, nameOf } from '../tables/choose-tables.ts'
import { countRows } from '../tables/count-rows.ts'
import { findStandstill } from '../verify/find-standstill.ts'
import type { AskedRows } from './asked-rows.ts'
import { whyUnreadable } from './why-unreadable.ts'

interface PlanOptions {
  readonly source: Connector
  /** The source's. */
  readonly database: Database
  /** As the context calls the database. */
  readonly service: string
  readonly words: readonly string[]
  readonly where?: string | undefined
}

export interface BackfillPlan {
  readonly wanted: readonly AskedRows[]
  /** A topic after which the signal's is made, where there is none. */
  readonly model: string
}

/** Everything that could go wrong without a word from the connector is refused here, before it is asked. */
export async function planBackfill(options: PlanOptions): Promise<BackfillPlan> {
  const { source, database, service, words, where } = options
  const standstill = findStandstill(source.name, source)
  if (standstill) throw notNow(source, standstill)
  const tables = await readTables(database)
  const captured = new Set<TableFacts>(capturedTables(source.config, tables))
  const isHidden = (table: TableFacts) => !captured.has(table) || isOwnTable(table, source.config)
  const chosen = chooseTables(words, { tables, isHidden, service }).map(({ table }) => table)
  for (const table of chosen) {
    if (!captured.has(table)) throw notCaptured(table, { source, service })
    const why = whyUnreadable(table)
    if (why)
      throw new TribError('CONFIG_INVALID', `${why}; nothing was asked for`, { hint: 'npx trib verify' })
  }
  const wanted: AskedRows[] = []
  for (const { schema, table } of chosen) {
    const name = { schema, table }
    wanted.push({ table: name, where, rows: await countRows(database, { table: name, where }) })
  }
  const [first] = wanted
  return { wanted, model: first ? topicOf(source.config, first.table) : '' }
}

const notNow = ({ name, state }: Connector, { hint }: TribError) =>
  new TribError(
    'CONNECTOR_FAILED',
    `${name} is ${state === 'RUNNING' ? 'not at work: its task has failed' : state}, so that nobody would read the rows; nothing was asked for`,
    { hint },
  )

function notCaptured(
  table: TableFacts,
  { source, service }: Pick<PlanOptions, 'source' | 'service'>,
): TribError {
  return new TribError('USAGE', `${source.name} does not capture ${nameOf(table)}`, {
    hint: `npx trib add table ${named([service, nameOf(table)])}`,
  })
}
