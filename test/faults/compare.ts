import { eventually, type TestStack } from '../support/trib.ts'
import { openAs } from './tables.ts'

interface Compared {
  readonly source: string
  /** As SQL writes it, the same on both sides: `public.notes`. */
  readonly table: string
}

/** The tests' own comparison: every column that the source has, of every row, as text. Not `trib verify`. */
export async function untilEqual(
  stack: TestStack,
  { source, table }: Compared,
  deadlineMs = 60_000,
): Promise<number> {
  await using there = await openAs(stack, source, 'postgres')
  await using here = await openAs(stack, 'warehouse', 'postgres')
  const names = await columnsOf(there, table)
  const row = `concat_ws('|', ${names.map(name => `coalesce(${name}::text, '∅')`).join(', ')})`
  const query = `select count(*)::int as rows, md5(coalesce(string_agg(md5(${row}), '' order by md5(${row})), '')) as sum from ${table}`
  let seen = ''
  const look = async () => {
    const [one, other] = await Promise.all([there.query(query), here.query(query)])
    seen = JSON.stringify([one.rows, other.rows])
    return JSON.stringify(one.rows) === JSON.stringify(other.rows)
      ? ((one.rows[0]?.['rows'] as number) ?? 0)
      : undefined
  }
  try {
    return await eventually(`${table} to be equal on both sides`, look, { deadlineMs, intervalMs: 100 })
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; last seen: ${seen}`)
  }
}

async function columnsOf(database: Awaited<ReturnType<typeof openAs>>, table: string) {
  const { rows } = await database.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  )
  return rows.map(({ name }) => name)
}
