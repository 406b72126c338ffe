import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '../../control/database/connect.ts'
import { eventually, type TestStack } from '../support/trib.ts'

export const flows = [
  { source: 'community-db', table: '"CommunityUsers"', email: 'email' },
  { source: 'sites-db', table: '"SitesUsers"', email: 'admin_email' },
] as const

/** A database of the stack, as the user that `trib credentials` names. */
export async function openAs(stack: TestStack, service: string, userName: string): Promise<Database> {
  const all = await stack.json<{ user: string; password: string; url: string }[]>(['credentials', service])
  const found = all.find(({ user }) => user === userName)
  if (!found) throw new Error(`${service} has no user ${userName}`)
  const { hostname: host, port, pathname } = new URL(found.url)
  const { user, password } = found
  return openDatabase({ host, port: Number(port), user, password, database: pathname.slice(1) })
}

/** Waits until both tables are the same to the byte on both sides; live changes go on meanwhile. */
export async function untilTablesEqual(stack: TestStack, deadlineMs = 60_000): Promise<void> {
  await using warehouse = await openAs(stack, 'warehouse', 'postgres')
  for (const { source, table } of flows) {
    await using database = await openAs(stack, source, 'postgres')
    const query = `select count(*) as rows, md5(string_agg(t::text, ',' order by id)) as sum from ${table} t`
    await eventually(
      `${table} to be equal on both sides`,
      async () => {
        const [there, here] = await Promise.all([database.query(query), warehouse.query(query)])
        return JSON.stringify(there.rows) === JSON.stringify(here.rows) ? true : undefined
      },
      { deadlineMs, intervalMs: 100 },
    )
  }
}

/** A row in each source, committed; gives the e-mail by which it can be told. */
export async function insertEverywhere(stack: TestStack): Promise<string> {
  const email = `${randomBytes(4).toString('hex')}@example.org`
  for (const { source, table, email: column } of flows) {
    await using database = await openAs(stack, source, 'generator')
    const insert = `insert into ${table} (${column}, username, registration_timestamp) values ($1, 'x', now())`
    await database.query(insert, [email])
  }
  return email
}

/** In which of the warehouse's tables a row with that e-mail is. */
export async function landedWith(stack: TestStack, email: string): Promise<readonly string[]> {
  await using warehouse = await openAs(stack, 'warehouse', 'postgres')
  const found: string[] = []
  for (const { table, email: column } of flows) {
    const { rows } = await warehouse.query(`select 1 from ${table} where ${column} = $1`, [email])
    if (rows.length === 1) found.push(table)
  }
  return found
}
