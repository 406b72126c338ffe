import type { Database } from '../../control/database/connect.ts'
import { openPostgresStore } from '../../control/verify/postgres-store.ts'
import { type ComparedTables, type TableOutcome, verifyTable } from '../../control/verify/verify-table.ts'
import type { TestPostgres } from '../support/postgres.ts'

export interface CompareOptions extends Partial<ComparedTables> {
  readonly user?: string
  readonly sampleShare?: number
  readonly awaitArrival?: () => Promise<void>
  readonly targetPort?: number
  readonly sourcePort?: number
}

/** Compares one table of the databases `source` and `warehouse` of a server, with nothing on its way between them. */
export async function compare(
  postgres: TestPostgres,
  table: string,
  options: CompareOptions = {},
): Promise<TableOutcome> {
  const { user = 'postgres', sampleShare, awaitArrival = async () => {}, sourcePort, targetPort } = options
  const address = { host: postgres.host, port: postgres.port, user }
  await using source = await openPostgresStore({
    ...{ ...address, database: 'source', port: sourcePort ?? address.port },
  })
  await using target = await openPostgresStore({
    ...{ ...address, database: 'warehouse', port: targetPort ?? address.port },
  })
  const name = { schema: 'public', table }
  const tables = { source: name, target: name, isFolded: false, isLeftOut: () => false, ...options }
  return await verifyTable(tables, { source, target, awaitArrival, deadlineMs: 500, sampleShare })
}

/** The keys found, as people see them. */
export function keysIn(outcome: TableOutcome) {
  if (outcome.kind !== 'compared') throw new Error(outcome.sentence)
  const { missing, extra, different, unsettled } = outcome.findings
  const plain = (keys: readonly (readonly string[])[]) => keys.map(key => key.join('|')).sort()
  return {
    missing: plain(missing),
    extra: plain([...extra.keys()].map(text => JSON.parse(text))),
    different: plain(different),
    unsettled: plain(unsettled),
  }
}

export const nothing = { missing: [], extra: [], different: [], unsettled: [] }

export interface TwoSides extends AsyncDisposable {
  readonly source: Database
  readonly warehouse: Database
}

export async function openBoth(postgres: TestPostgres): Promise<TwoSides> {
  const source = await postgres.open('source')
  const warehouse = await postgres.open('warehouse')
  return {
    source,
    warehouse,
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]()
      await warehouse[Symbol.asyncDispose]()
    },
  }
}
