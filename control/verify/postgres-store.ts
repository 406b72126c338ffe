import { type Database, type DatabaseAddress, openDatabase, transaction } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import { describePostgresTable } from './describe-postgres.ts'
import { type SideSql, sideSql } from './postgres-ranges.ts'
import {
  type Key,
  keyOf,
  keyText,
  type Range,
  type RangeSum,
  type RowReader,
  type RowsByKey,
  type RowVersion,
  type SidePlan,
  type Store,
} from './store.ts'

/** Keys in one statement: 1,000 of them are looked up by index in about 10 ms. */
const keysPerStatement = 1_000

/** Enough for pieces that are within 10 % of the same size. */
const sampledRows = 20_000

export async function openPostgresStore(
  address: DatabaseAddress,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Store & { readonly database: Database }> {
  const database = await openDatabase({ ...address, applicationName: 'trib verify', signal })
  try {
    // Compiling a search through 64 ranges takes longer than the search; digits as many as a value needs.
    await database.query('set jit = off; set extra_float_digits = 1; set statement_timeout = 0')
  } catch (error) {
    await database[Symbol.asyncDispose]()
    throw error
  }
  return {
    database,
    where: database.where,
    fingerprint: () => fingerprint(database),
    describe: table => describePostgresTable(database, table),
    reader: plan => postgresReader(database, plan),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

async function fingerprint(database: Database): Promise<string> {
  const version = await database.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  )
  const [server] = version.rows
  if (server && server.number < 140_000) {
    const sentence = `${database.where} is Postgres ${server.name}, and only 14 or newer can hash a row`
    throw new TribError('DATABASE_FAILED', sentence, { hint: 'upgrade it to Postgres 14 or newer' })
  }
  const { rows } = await database.query<{ found: string }>(
    `select current_setting('server_encoding') || ' ' || hash_record_extended(
       row(1::bigint, 'é'::text collate "C", 1.50::numeric, timestamp '2026-01-05', null::text), 0) as found`,
  )
  return rows[0]?.found ?? ''
}

function postgresReader(database: Database, plan: SidePlan): RowReader {
  const sql = sideSql(plan)
  return {
    cut: (pieces, estimatedRows) => cut(database, { plan, sql, pieces, estimatedRows }),
    split: (ranges, rows) => split(database, { plan, sql, ranges, rows }),
    sums: ranges => sums(database, { plan, sql, ranges }),
    hashes: async ranges => {
      const { rows } = await database.query<{ key: string[]; hash: string }>(
        `select ${sql.key} as key, ${sql.hash}::text as hash from ${plan.table} where ${sql.where(ranges)}`,
      )
      return byKey(rows, ({ hash }, twin) => (twin === undefined ? hash : `${twin}+${hash}`))
    },
    versions: keys => versions(database, { plan, sql, keys }),
    remove: (rows, isGone) => remove(database, { plan, sql, rows, isGone }),
  }
}

interface Asked {
  readonly plan: SidePlan
  readonly sql: SideSql
}

async function cut(
  database: Database,
  { plan, sql, pieces, estimatedRows }: Asked & { readonly pieces: number; readonly estimatedRows: number },
): Promise<readonly Key[]> {
  const percent = Math.min(100, Math.max(0.001, (100 * sampledRows) / Math.max(1, estimatedRows)))
  // The seed keeps the pieces of one table the same from run to run.
  const { rows } = await database.query<{ key: string[] }>(`
    select key from (
      select key, row_number() over (order by ${sql.order}) as position, count(*) over () as rows
      from (
        select ${sql.key} as key, ${sql.position}
        from ${plan.table} tablesample system (${percent}) repeatable (1)
      ) as sample
    ) as sorted
    where position % greatest(1, rows / ${pieces}) = 0
    order by position`)
  return distinct(rows.map(({ key }) => key))
}

async function split(
  database: Database,
  { plan, sql, ranges, rows: step }: Asked & { readonly ranges: readonly Range[]; readonly rows: number },
): Promise<readonly (readonly Key[])[]> {
  const { rows } = await database.query<{ bucket: number; key: string[] }>(`
    select bucket, key from (
      select bucket, key, row_number() over (partition by bucket order by ${sql.order}) as position
      from (
        select ${sql.bucket(ranges)} as bucket, ${sql.key} as key, ${sql.position}
        from ${plan.table} where ${sql.where(ranges)}
      ) as found
      where bucket is not null
    ) as sorted
    where position > 1 and (position - 1) % ${step} = 0
    order by bucket, position`)
  const byBucket = new Map<number, Key[]>()
  for (const { bucket, key } of rows) byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), key])
  return ranges.map((_, index) => distinct(byBucket.get(index) ?? []))
}

async function sums(
  database: Database,
  { plan, sql, ranges }: Asked & { readonly ranges: readonly Range[] },
): Promise<readonly RangeSum[]> {
  const { rows } = await database.query<{ bucket: number | null; rows: string; sum: string }>(`
    select bucket, count(*) as rows, sum(hash)::text as sum
    from (select ${sql.bucket(ranges)} as bucket, ${sql.hash} as hash from ${plan.table} where ${sql.where(ranges)}) as hashed
    group by bucket`)
  const byBucket = new Map(rows.map(row => [row.bucket, row]))
  return ranges.map((_, index) => {
    const row = byBucket.get(index)
    return { rows: Number(row?.rows ?? 0), sum: row?.sum ?? '0' }
  })
}

async function versions(
  database: Database,
  { plan, sql, keys }: Asked & { readonly keys: readonly Key[] },
): Promise<RowsByKey<RowVersion>> {
  const found = new Map<string, RowVersion>()
  const wanted = new Set(keys.map(keyText))
  for (let first = 0; first < keys.length; first += keysPerStatement) {
    const { rows } = await database.query<{ key: string[]; hash: string; version: string }>(
      `select ${sql.key} as key, ${sql.hash}::text as hash, xmin::text as version
       from ${plan.table} where ${sql.among(keys.slice(first, first + keysPerStatement))}`,
    )
    for (const { key, hash, version } of rows) {
      const text = keyText(key)
      const twin = found.get(text)
      const row = twin
        ? { hash: `${twin.hash}+${hash}`, version: `${twin.version}+${version}` }
        : { hash, version }
      if (wanted.has(text)) found.set(text, row)
    }
  }
  return found
}

/**
 * The rows are locked first and only then the source is asked: a sink that brings a row back waits at the lock, finds
 * the row gone and inserts it. Asked the other way round, its new row would be deleted.
 */
async function remove(
  database: Database,
  {
    plan,
    sql,
    rows: known,
    isGone,
  }: Asked & {
    readonly rows: RowsByKey<string>
    readonly isGone: (keys: readonly Key[]) => Promise<readonly Key[]>
  },
): Promise<readonly Key[]> {
  const keys = [...known.keys()].map(keyOf)
  return transaction(database, async () => {
    const { rows } = await database.query<{ key: string[]; version: string }>(
      `select ${sql.key} as key, xmin::text as version from ${plan.table} where ${sql.among(keys)} for update`,
    )
    const held = rows.filter(({ key, version }) => known.get(keyText(key)) === version).map(({ key }) => key)
    const gone = held.length > 0 ? await isGone(held) : []
    if (gone.length === 0) return []
    const { rows: removed } = await database.query<{ key: string[] }>(
      // The second condition: under a collation that takes a for A, the first fits rows that nobody meant.
      `delete from ${plan.table} where ${sql.among(gone)} and to_jsonb(${sql.key}) = any($1::jsonb[])
       returning ${sql.key} as key`,
      [gone.map(keyText)],
    )
    return removed.map(({ key }) => key)
  })
}

function byKey<Row extends { readonly key: Key }>(
  rows: readonly Row[],
  combine: (row: Row, twin: string | undefined) => string,
): RowsByKey<string> {
  const found = new Map<string, string>()
  for (const row of rows) {
    const text = keyText(row.key)
    found.set(text, combine(row, found.get(text)))
  }
  return found
}

function distinct(keys: readonly Key[]): readonly Key[] {
  return keys.filter((key, index) => index === 0 || keyText(key) !== keyText(keys[index - 1] ?? []))
}
