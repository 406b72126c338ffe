import { DatabaseError, escapeIdentifier } from 'pg'
import type { Database } from '../database/connect.ts'
import { reasonOf } from '../database/database-error.ts'
import { searchPath } from '../database/search-path.ts'
import { TribError } from '../errors/trib-error.ts'
import type { TargetName } from '../pipelines/pipeline.ts'
import { type LandingRecord, landingStatement, UnbindableValue } from './landing-statement.ts'

interface TryOptions {
  readonly target: TargetName
  /** The sink's own; undefined: only the worker knows. */
  readonly role: string | undefined
}

/** Data that is wrong (22), a rule of the table that it breaks (23), a value of another type (42804). */
const ofTheRecord = /^(22...|23...|42804)$/

/**
 * Does what the sink would do with these records, one after the other, and undoes all of it. Gives the first that the
 * warehouse refuses, and its reason; fails where what it refuses is no matter of one record.
 */
export async function firstRefused(
  database: Database,
  records: readonly LandingRecord[],
  { target, role }: TryOptions,
): Promise<{ readonly index: number; readonly reason: string } | undefined> {
  await database.query('begin')
  try {
    await database.query("set local lock_timeout = '5s'")
    const table = await locate(database, target, role)
    // As the sink: its rights are not its records' fault, and neither is a trigger that asks who writes.
    if (role !== undefined) await database.query(`set local role ${escapeIdentifier(role)}`)
    for (const [index, record] of records.entries()) {
      const reason = await refusal(database, table, record)
      if (reason !== undefined) return { index, reason }
    }
    return undefined
  } finally {
    await database.query('rollback')
  }
}

async function refusal(
  database: Database,
  table: string,
  record: LandingRecord,
): Promise<string | undefined> {
  try {
    const statement = landingStatement(table, record)
    if (statement) await database.query(statement.text, statement.values)
    return undefined
  } catch (error) {
    if (error instanceof UnbindableValue) return error.message
    const cause = error instanceof TribError ? error.cause : error
    if (cause instanceof DatabaseError && ofTheRecord.test(cause.code ?? '')) return reasonOf(cause)
    throw error
  }
}

/** Where the sink's role finds the table. */
async function locate(
  database: Database,
  { schema, table }: TargetName,
  role: string | undefined,
): Promise<string> {
  if (schema !== undefined) return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`
  const path = role === undefined ? ['public'] : await searchPath(database, role)
  const { rows } = await database.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = $1 and c.relkind in ('r', 'p') and n.nspname = any($2::text[])
     order by array_position($2::text[], n.nspname::text) limit 1`,
    [table, path],
  )
  const [found] = rows
  if (found) return found.name
  throw new TribError('DATABASE_FAILED', `${database.where} has no table ${table} that the sink would find`, {
    hint: 'npx trib doctor',
  })
}
