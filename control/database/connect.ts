import { Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import { Client, escapeIdentifier, escapeLiteral, type QueryResult, type QueryResultRow, types } from 'pg'
import { messageOf } from '../errors/trib-error.ts'
import { databaseError } from './database-error.ts'
import { matchesScram, scramVerifier } from './scram.ts'

export interface DatabaseAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: string | undefined
  readonly database: string
  /** (Default: clear text) */
  readonly tls?: DatabaseTls | undefined
}

/** PEM texts, and how far the server's certificate is looked at. */
export interface DatabaseTls {
  /** (Default: those that Node trusts) */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** `none` only encrypts; `authority` asks who signed it; `authority-and-host` also whose it is. */
  readonly check: 'none' | 'authority' | 'authority-and-host'
}

export interface OpenDatabaseOptions extends DatabaseAddress {
  /** What `pg_stat_activity` shows. (Default: tributary) */
  readonly applicationName?: string
  /** (Default: 5,000 ms) */
  readonly connectTimeoutMs?: number
  /**
   * `text`: every value as exact as Postgres gave it, times ISO in UTC; `date`: `timestamptz` as Date. (Default: date)
   */
  readonly times?: 'date' | 'text'
  /** Its abort cuts the connection at once; what was under way rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** One session, in UTC; one statement at a time. Every failure is a TribError. */
export interface Database extends AsyncDisposable {
  /** For sentences: `community_db at 127.0.0.1:7011`. */
  readonly where: string
  /**
   * Without values the text may hold several statements. `bigint`, `numeric`, `date` and `timestamp` arrive as
   * text, because a JavaScript number or Date would change them; `timestamptz` as Date.
   */
  query<Row extends QueryResultRow = QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
}

/** How long a server may take to answer a goodbye: one that hangs must not keep us. */
const goodbyeMs = 1_000

export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const {
    host,
    port,
    user,
    password,
    database,
    tls,
    applicationName = 'tributary',
    connectTimeoutMs = 5_000,
    signal,
    times = 'date',
  } = options
  signal?.throwIfAborted()
  const where = `${database} at ${host}:${port}`
  const socket = new Socket()
  const client = new Client({
    host,
    port,
    user,
    password: password ?? '',
    database,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    ssl: tls ? sslOptions(tls, host) : false,
    stream: () => socket,
    // The server's own settings must not change what a value looks like here.
    options: '-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres',
    types: { getTypeParser: parsersFor(times) as typeof types.getTypeParser },
  })
  // Without a listener, a connection that is lost while idle ends the whole process; the next query reports it.
  let lost: Error | undefined
  client.on('error', error => {
    lost = error
  })
  const cut = () => socket.destroy()
  signal?.addEventListener('abort', cut, { once: true })

  const failure = (error: unknown) => (signal?.aborted ? signal.reason : databaseError(lost ?? error, where))
  const close = async () => {
    signal?.removeEventListener('abort', cut)
    const impatience = setTimeout(cut, goodbyeMs)
    await client.end().finally(() => clearTimeout(impatience))
  }

  try {
    await client.connect()
  } catch (error) {
    await close()
    if (!/timeout expired/.test(messageOf(error))) throw failure(error)
    throw failure(new Error(`timeout expired: no answer within ${connectTimeoutMs / 1000} s`))
  }
  return {
    where,
    async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      try {
        return await client.query<Row>(text, [...values])
      } catch (error) {
        throw failure(error)
      }
    },
    [Symbol.asyncDispose]: close,
  }
}

/** In the words of the driver. A key that is undefined would still count, and replace the authorities Node trusts. */
function sslOptions({ check, ...files }: DatabaseTls, host: string): ConnectionOptions {
  const given = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined))
  return {
    ...given,
    rejectUnauthorized: check !== 'none',
    // The driver does not tell Node an IP address, which would then look for the name `localhost` instead.
    checkServerIdentity: (_name, certificate) =>
      check === 'authority-and-host' ? checkServerIdentity(host, certificate) : undefined,
  }
}

/** The driver reads `date` and `timestamp` as this machine's local time, which moves them by hours. */
function parsersFor(times: 'date' | 'text') {
  return times === 'text' ? exactParser : plainParser
}

function plainParser(oid: number, format?: 'text' | 'binary') {
  if (oid === types.builtins.DATE || oid === types.builtins.TIMESTAMP) return String
  return types.getTypeParser(oid, format)
}

/** Nothing is rounded or moved: what JavaScript cannot hold exactly stays the text that Postgres gave. */
function exactParser(oid: number) {
  switch (oid) {
    case types.builtins.TIMESTAMPTZ:
    case types.builtins.TIMESTAMP:
      return isoTime
    case types.builtins.BOOL:
    case types.builtins.INT2:
    case types.builtins.INT4:
    case types.builtins.JSON:
    case types.builtins.JSONB:
      return types.getTypeParser(oid)
    case types.builtins.FLOAT4:
    case types.builtins.FLOAT8:
      // NaN and the infinities are no numbers to JSON.
      return (text: string) => (Number.isFinite(Number(text)) ? Number(text) : text)
    default:
      return String
  }
}

/** `2026-01-05 00:00:00.123456+00`, as a UTC session prints it, is `2026-01-05T00:00:00.123456Z`. */
export function isoTime(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/.exec(text)
  return match ? `${match[1]}T${match[2]}${match[3] ? 'Z' : ''}` : text
}

/** All or nothing: commits when `work` resolves, else leaves no trace of it. */
export async function transaction<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.query('begin')
  try {
    const result = await work()
    await database.query('commit')
    return result
  } catch (error) {
    // A rollback that fails says nothing new: the session is gone, and its transaction with it.
    await database.query('rollback').catch(() => {})
    throw error
  }
}

/**
 * SQL files create roles without a password, which none may hold; this gives a role its own, where it is not its own
 * yet. Only a superuser may look and set.
 */
export async function ensureRolePassword(database: Database, role: string, password: string): Promise<void> {
  const { rows } = await database.query<{ kept: string | null }>(
    'select rolpassword as kept from pg_authid where rolname = $1',
    [role],
  )
  if (matchesScram(rows[0]?.kept ?? null, password)) return
  const verifier = escapeLiteral(scramVerifier(password))
  await database.query(`alter role ${escapeIdentifier(role)} password ${verifier}`)
}
