import { randomBytes } from 'node:crypto'
import { type Database, openDatabase } from '../../control/database/connect.ts'
import { compareRows } from '../support/compare-rows.ts'
import { eventually, type TestStack } from '../support/trib.ts'

export const flows = [
  { source: 'community-db', table: '"CommunityUsers"', email: 'email' },
  { source: 'sites-db', table: '"SitesUsers"', email: 'admin_email' },
] as const

interface Credentials {
  readonly user: string
  readonly password: string
  readonly url: string
}

/** Asked for once: a stack keeps its ports and passwords as long as it has data. */
const known = new WeakMap<TestStack, Map<string, Promise<readonly Credentials[]>>>()

function credentialsOf(stack: TestStack, service: string): Promise<readonly Credentials[]> {
  const ofStack = known.get(stack) ?? new Map<string, Promise<readonly Credentials[]>>()
  known.set(stack, ofStack)
  const asked = ofStack.get(service) ?? stack.json<Credentials[]>(['credentials', service])
  ofStack.set(service, asked)
  return asked
}

/** A database of the stack, as the user that `trib credentials` names. */
export async function openAs(stack: TestStack, service: string, userName: string): Promise<Database> {
  const found = (await credentialsOf(stack, service)).find(({ user }) => user === userName)
  if (!found) throw new Error(`${service} has no user ${userName}`)
  const { hostname: host, port, pathname } = new URL(found.url)
  const { user, password } = found
  return openDatabase({ host, port: Number(port), user, password, database: pathname.slice(1) })
}

/** Waits until every column of every row is the same on both sides; live changes go on meanwhile. */
export async function untilTablesEqual(stack: TestStack, deadlineMs = 60_000): Promise<void> {
  await using warehouse = await openAs(stack, 'warehouse', 'postgres')
  for (const { source, table } of flows) {
    await using database = await openAs(stack, source, 'postgres')
    let told: readonly string[] = []
    await eventually(
      `${table} to be equal on both sides`,
      async () => {
        ;({ told } = await compareRows(database, warehouse, { table }))
        return told.length === 0 ? true : undefined
      },
      { deadlineMs, intervalMs: 100 },
    ).catch(error => {
      throw new Error([error.message, ...told].join('\n'), { cause: error })
    })
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
