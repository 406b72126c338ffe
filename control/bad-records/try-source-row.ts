import { escapeIdentifier } from 'pg'
import { openDatabase } from '../database/connect.ts'
import { reasonOf } from '../database/database-error.ts'
import { TribError } from '../errors/trib-error.ts'
import type { CompareTask } from '../verify/plan-verify.ts'

/** Why the row that the source has now under this key would fail again; undefined: it would land, or is gone. Undone. */
export async function wouldFailAgain(
  task: CompareTask,
  key: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { source, target, tables } = task
  const names = Object.keys(key)
  await using there = await openDatabase({ ...source.address, applicationName: 'trib dlq', signal })
  const where = names.map((name, index) => `${escapeIdentifier(name)} = $${index + 1}`).join(' and ')
  const { rows } = await there.query<{ row: string; columns: string[] }>(
    `select to_jsonb(t)::text as row, array(select jsonb_object_keys(to_jsonb(t))) as columns
     from ${quoted(tables.source)} t where ${where}`,
    names.map(name => String(key[name])),
  )
  const [found] = rows
  if (!found) return undefined
  await using here = await openDatabase({ ...target.address, applicationName: 'trib dlq', signal })
  const landing = quoted(tables.target)
  const { rows: known } = await here.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [landing],
  )
  const columns = found.columns.filter(name => known.some(one => one.name === name)).map(escapeIdentifier)
  const conflict = names.map(escapeIdentifier).join(', ')
  const changes = columns.map(column => `${column} = excluded.${column}`).join(', ')
  await here.query('begin')
  try {
    await here.query(
      `insert into ${landing} (${columns.join(', ')})
       select ${columns.join(', ')} from jsonb_populate_record(null::${landing}, $1::jsonb)
       on conflict (${conflict}) do update set ${changes}`,
      [found.row],
    )
    return undefined
  } catch (error) {
    if (error instanceof TribError && !error.isRetriable) return reasonOf(error.cause)
    throw error
  } finally {
    await here.query('rollback')
  }
}

const quoted = ({ schema, table }: { readonly schema: string; readonly table: string }) =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`
