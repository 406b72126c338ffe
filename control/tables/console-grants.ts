import { escapeIdentifier } from 'pg'
import type { Database } from '../database/connect.ts'
import { qualified } from '../doctor/subjects/source-subject.ts'
import { findTarget } from '../verify/find-target.ts'
import type { NewTablesPlan } from './plan-new-tables.ts'

interface GrantsOptions {
  readonly plan: NewTablesPlan
  /** What is run before. */
  readonly statements: readonly { readonly sql: string }[]
  readonly source: Database
  readonly warehouse: Database
}

interface Grant {
  readonly side: 'source' | 'warehouse'
  readonly sql: string
}

/** The role by which the stack's web console looks: it verifies every table that flows. */
const role = 'console'

export async function consoleGrants(options: GrantsOptions): Promise<readonly Grant[]> {
  const { plan, statements, source, warehouse } = options
  const made = statements.flatMap(
    ({ sql }) => /^create table ((?:"(?:[^"]|"")+"|[\w.])+) \(/.exec(sql)?.[1] ?? [],
  )
  const there: string[] = []
  for (const { target } of plan.ways) {
    if (target) there.push(qualified(await findTarget(warehouse, target, plan.sink.config)))
  }
  const sources = plan.ways.map(({ table }) => qualified(table))
  const grants = (side: Grant['side'], names: readonly string[]) =>
    names.map(name => ({ side, sql: `grant select on ${name} to ${escapeIdentifier(role)}` }))
  const isConsoleIn = async (database: Database) =>
    (await database.query('select from pg_roles where rolname = $1', [role])).rows.length > 0
  return [
    ...((await isConsoleIn(warehouse))
      ? grants('warehouse', [...made, ...(await unreadable(warehouse, there))])
      : []),
    ...((await isConsoleIn(source))
      ? [...(await schemaGrants(source, plan)), ...grants('source', await unreadable(source, sources))]
      : []),
  ]
}

async function schemaGrants(database: Database, { ways }: NewTablesPlan): Promise<readonly Grant[]> {
  const { rows } = await database.query<{ name: string }>(
    `select distinct name from unnest($2::text[]) as name where not has_schema_privilege($1, name, 'usage')`,
    [role, ways.map(({ table }) => table.schema)],
  )
  return rows.map(({ name }) => ({
    side: 'source',
    sql: `grant usage on schema ${escapeIdentifier(name)} to ${escapeIdentifier(role)}`,
  }))
}

/** Those that are there, and that the role may not read yet. */
async function unreadable(database: Database, names: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.query<{ name: string }>(
    `select name from unnest($2::text[]) as name
     where to_regclass(name) is not null and not has_table_privilege($1, to_regclass(name), 'select')`,
    [role, names],
  )
  return rows.map(({ name }) => name)
}
