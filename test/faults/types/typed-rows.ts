import { escapeIdentifier, escapeLiteral } from 'pg'
import type { Database } from '../../../control/database/connect.ts'
import type { TypeCase } from './cases.ts'

/** A table with a column for each case: rows of its values, and what happens to them. */
export const typedTable = 'Types'
const table = escapeIdentifier(typedTable)

/** Ids of rows by what they show; each kind counts on from here. */
const inserted = 1_000
const updated = 2_000
const emptied = 3_000
const deleted = 4_000
export const lastId = 9_999

export function createTyped(cases: readonly TypeCase[]): string {
  const columns = cases.map(({ column, type }) => `${escapeIdentifier(column)} ${type}`)
  return `create table ${table} (id int primary key, ${columns.join(', ')})`
}

/** One row of NULLs, then one for each value. */
export function insertTyped(cases: readonly TypeCase[]): string {
  const rows = Math.max(...cases.map(({ values }) => values.length))
  const lines = Array.from({ length: rows + 1 }, (_, row) => {
    const values = cases.map(({ type, values }) => {
      const value = row === 0 ? undefined : values[row - 1]
      return value === undefined ? 'null' : `${escapeLiteral(value)}::${type}`
    })
    return `(${[row, ...values].join(', ')})`
  })
  return `insert into ${table} values ${lines.join(',\n')}`
}

/** Every value inserted, put into an empty row, taken out of a full one, deleted; the last row says that all is there. */
export function changeTyped(cases: readonly TypeCase[]): readonly string[] {
  const names = cases.map(({ column }) => escapeIdentifier(column))
  const copy = (from: number) =>
    `insert into ${table} select id + ${from}, ${names.join(', ')} from ${table} where id < ${inserted}`
  return [
    copy(inserted),
    `insert into ${table} (id) select id + ${updated} from ${table} where id < ${inserted}`,
    `update ${table} as t set ${names.map(name => `${name} = s.${name}`).join(', ')}
     from ${table} as s where s.id < ${inserted} and t.id = s.id + ${updated}`,
    copy(emptied),
    `update ${table} set ${names.map(name => `${name} = null`).join(', ')} where id >= ${emptied} and id < ${deleted}`,
    copy(deleted),
    `delete from ${table} where id >= ${deleted}`,
    `insert into ${table} (id) values (${lastId})`,
  ]
}

export type Outcome = 'exact' | readonly string[]

export interface Arrived {
  readonly snapshot: Outcome
  readonly change: Outcome
}

/** As text on both sides; what lands as another type is turned into that first. */
const comparable = (side: 'source' | 'warehouse', { column, type }: TypeCase) => {
  const name = escapeIdentifier(column)
  if (side === 'warehouse') return `${name}::text`
  if (type === 'hstore') return `${name}::jsonb::text`
  return type === 'bit(1)' ? `${name}::int::boolean::text` : `${name}::text`
}

/** The test's own comparison, of every row and column. */
export async function compareTyped(
  cases: readonly TypeCase[],
  { source, warehouse }: { readonly source: Database; readonly warehouse: Database },
): Promise<ReadonlyMap<TypeCase, Arrived>> {
  const read = async (side: 'source' | 'warehouse', database: Database) => {
    const values = cases.map(one => comparable(side, one)).join(', ')
    const query = `select id, array[${values}] as values from ${table} order by id`
    return (await database.query<{ id: number; values: (string | null)[] }>(query)).rows
  }
  const there = await read('source', source)
  const here = new Map((await read('warehouse', warehouse)).map(({ id, values }) => [id, values]))
  const extra = [...here.keys()].filter(id => !there.some(row => row.id === id))
  return new Map(
    cases.map((one, index) => {
      const differences = (rows: typeof there): Outcome => {
        const found = rows.flatMap(({ id, values }) => {
          const got = here.get(id)
          if (got && got[index] === values[index]) return []
          return [`${id}: ${values[index]} arrived as ${got ? got[index] : 'no row'}`]
        })
        const all = [...found, ...extra.map(id => `${id}: was deleted and is there`)]
        return all.length === 0 ? 'exact' : all
      }
      return [
        one,
        {
          snapshot: differences(there.filter(({ id }) => id < inserted)),
          change: differences(there.filter(({ id }) => id >= inserted)),
        },
      ]
    }),
  )
}
