import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseError } from 'pg'
import { TribError } from '../errors/trib-error.ts'
import type { Log } from '../output/log.ts'
import { type Database, transaction } from './connect.ts'
import { reasonOf } from './database-error.ts'

export interface SqlFile {
  readonly name: string
  readonly sql: string
}

export interface MigrateOptions {
  readonly database: Database
  readonly files: readonly SqlFile[]
  readonly log: Log
}

/** Any number will do, as long as every `trib` uses the same: two migrations at once take turns. */
const lockKey = 7_305_141

/** The `*.sql` files of a folder in the order of their numbers. */
export async function readSqlFiles(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(names.map(async name => ({ name, sql: await readFile(join(folder, name), 'utf8') })))
}

/**
 * Brings a database to what the files say. A file runs in one transaction with its record; one that is recorded
 * as it is now is skipped, one that changed runs again, so every file must be idempotent.
 */
export async function migrate({ database, files, log }: MigrateOptions): Promise<{ applied: string[] }> {
  await locked(database, () => database.query(recordTable))
  const applied: string[] = []
  for (const file of files) {
    if (!(await locked(database, () => applyOnce(database, file)))) continue
    log.info('sql applied', { file: file.name, database: database.where })
    applied.push(file.name)
  }
  return { applied }
}

const recordTable = `
  create schema if not exists tributary;
  create table if not exists tributary.migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`

/** The lock ends with the transaction, so it cannot be left behind. */
function locked<T>(database: Database, work: () => Promise<T>): Promise<T> {
  return transaction(database, async () => {
    await database.query('select pg_advisory_xact_lock($1)', [lockKey])
    return work()
  })
}

async function applyOnce(database: Database, { name, sql }: SqlFile): Promise<boolean> {
  const checksum = createHash('sha256').update(sql).digest('hex')
  const recorded = await database.query(
    'select from tributary.migrations where name = $1 and checksum = $2',
    [name, checksum],
  )
  if (recorded.rows.length > 0) return false
  await database.query(sql).catch(error => {
    throw sqlFileError(error, { name, sql }, database.where)
  })
  await database.query(
    `insert into tributary.migrations (name, checksum) values ($1, $2)
     on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`,
    [name, checksum],
  )
  return true
}

function sqlFileError(error: unknown, { name, sql }: SqlFile, where: string): unknown {
  const cause = error instanceof TribError ? error.cause : undefined
  if (!(cause instanceof DatabaseError)) return error
  const place = cause.position === undefined ? name : `${name}, line ${lineOf(sql, Number(cause.position))}`
  return new TribError('DATABASE_FAILED', `${place}: ${reasonOf(cause)}, in ${where}`, {
    cause,
    hint: cause.hint,
  })
}

/** Postgres counts characters from 1, JavaScript UTF-16 units from 0. */
function lineOf(sql: string, position: number): number {
  return [...sql].slice(0, position - 1).filter(character => character === '\n').length + 1
}
