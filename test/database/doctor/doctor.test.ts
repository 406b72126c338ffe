import { afterAll, beforeAll, describe, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { runCase } from './fault-case.ts'
import { makeTemplates } from './make-templates.ts'
import { sinkCases } from './sink-cases.ts'
import { slotCases } from './slot-cases.ts'
import { ownTableCases, publicationCases, roleCases, tableCases, valueCases } from './source-cases.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres({
    settings: { max_slot_wal_keep_size: '1GB', max_prepared_transactions: '5', max_replication_slots: '10' },
  })
  await makeTemplates(postgres)
})
afterAll(() => postgres[Symbol.asyncDispose]())

// Roles, slots and sessions belong to the whole server: one case after the other.
describe.each([roleCases, slotCases])('%#: of the server', (...cases) => {
  test.each(cases)('$check: $fault', one => runCase(postgres, one))
})

// Databases do not: a few at a time.
describe.concurrent.each([publicationCases, tableCases, valueCases, ownTableCases, sinkCases])(
  '%#: of the databases',
  (...cases) => {
    test.each(cases)('$check: $fault', one => runCase(postgres, one))
  },
)
