import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTables, type TableFacts } from '../../control/doctor/subjects/table-facts.ts'
import { fateOf, namedTypes } from '../../control/types/type-table.ts'
import { acceptedCases, ownTypes, refusedTypes } from '../faults/types/cases.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

let postgres: TestPostgres
let tables: readonly TableFacts[]
beforeAll(async () => {
  postgres = await startPostgres({ databases: ['typed'] })
  await using database = await postgres.open('typed')
  const create = (table: string, types: readonly string[]) =>
    database.query(`create table ${table} (${types.map((type, index) => `c${index} ${type}`).join(', ')})`)
  await database.query(ownTypes)
  await create(
    'accepted',
    acceptedCases.map(({ type }) => type),
  )
  await create('refused', refusedTypes)
  tables = await readTables(database)
})
afterAll(() => postgres[Symbol.asyncDispose]())

const columnsOf = (table: string) => tables.find(one => one.table === table)?.columns ?? []

test('a type that is shown to arrive is accepted, one that is not is refused', () => {
  expect(columnsOf('accepted')).toHaveLength(acceptedCases.length)
  expect(columnsOf('accepted').filter(column => fateOf(column).kind !== 'exact')).toEqual([])
  expect(columnsOf('refused').filter(column => fateOf(column).kind !== 'refused')).toEqual([])
})

test('each type that a row of the table names is shown on a real stack', () => {
  const shown = [...columnsOf('accepted'), ...columnsOf('refused')].map(({ typeName, elementName }) =>
    elementName === null ? typeName : `${elementName}[]`,
  )

  expect(namedTypes.filter(name => !shown.includes(name))).toEqual([])
})

test('a domain over a domain is what both are made of', () => {
  const at = acceptedCases.findIndex(({ type }) => type === 'd_own')

  expect(columnsOf('accepted')[at]).toMatchObject({ type: 'numeric(10,2)', typeName: 'numeric' })
})
