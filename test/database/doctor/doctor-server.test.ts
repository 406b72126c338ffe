import { afterAll, beforeAll, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { runCase } from './fault-case.ts'
import { makeTemplates } from './make-templates.ts'
import { serverCases } from './server-cases.ts'

let postgres: TestPostgres
beforeAll(async () => {
  // Not on the command line, which would win over what a fix sets.
  postgres = await startPostgres({ settings: { wal_level: undefined } })
  {
    await using admin = await postgres.open()
    await admin.query(`alter system set wal_level = 'logical'`)
    await admin.query(`alter system set max_slot_wal_keep_size = '1GB'`)
  }
  await postgres.stop()
  await postgres.start()
  await makeTemplates(postgres)
})
afterAll(() => postgres[Symbol.asyncDispose]())

test.each(serverCases)('$check: $fault', one => runCase(postgres, one))
