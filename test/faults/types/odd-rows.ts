import { escapeIdentifier } from 'pg'
import type { Database } from '../../../control/database/connect.ts'
import { eventually, type TestStack } from '../../support/trib.ts'
import type { OddTable } from './odd-tables.ts'

interface BothSides {
  readonly source: Database
  readonly warehouse: Database
}

/** Waits until every row is the same on both sides; says what differed, and how the connectors are, where it does not. */
export async function untilSame(
  stack: TestStack,
  { table, landsIn, key }: OddTable,
  { source, warehouse }: BothSides,
): Promise<void> {
  const read = async (database: Database, name: string) => {
    // A row of 5 MB by its sum; `t::text` is every column of it.
    const query = `select case when length(t::text) < 1000 then t::text else md5(t::text) end as row
      from ${escapeIdentifier(name)} as t order by ${key}`
    return JSON.stringify((await database.query(query)).rows)
  }
  let last = ''
  await eventually(
    `${table} to be equal on both sides`,
    async () => {
      const [there, here] = await Promise.all([read(source, table), read(warehouse, landsIn)])
      last = `${there}\n${here}`
      return there === here ? true : undefined
    },
    { deadlineMs: 90_000, intervalMs: 200 },
  ).catch(async error => {
    const { stdout } = await stack.trib(['get', 'connectors', '-o', 'json'])
    throw new Error(`${error}\n${last}\n${stdout}`)
  })
}
