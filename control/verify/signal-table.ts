import { escapeIdentifier } from 'pg'
import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import { sqlName } from '../health/commands-to-paste.ts'
import { named } from '../output/shell-words.ts'
import { splitList } from '../plan/effective-config.ts'

type Source = Pick<Connector, 'name' | 'config'>

/** Where a connector listens for signals; the sentence that says why it does not. */
export function signalTableOf({ name, config }: Source): readonly string[] {
  const [schema, table] = (config['signal.data.collection'] ?? '').split(/\.(?=[^.]+$)/)
  const channels = splitList(config['signal.enabled.channels'] ?? 'source')
  if (schema && table && channels.includes('source')) return [schema, table]
  throw new TribError(
    'CONFIG_INVALID',
    `${name} has no signal table (signal.data.collection${channels.includes('source') ? '' : ', and signal.enabled.channels without source'}), so that it cannot be asked to read rows again`,
    {
      hint: `npx trib patch connector ${named(name, '--set signal.data.collection=tributary.signal --set signal.enabled.channels=source')}`,
    },
  )
}

export async function findSignalTable(source: Source, database: Database) {
  const [schema = '', table = ''] = signalTableOf(source)
  const { rows: found } = await database.query<{ length: number | null }>(
    `select character_maximum_length as length from information_schema.columns
     where table_schema = $1 and table_name = $2 and column_name = 'data'`,
    [schema, table],
  )
  const [column] = found
  if (!column) {
    throw new TribError(
      'DATABASE_FAILED',
      `${database.where} has no signal table ${schema}.${table} that this user may see, so that rows cannot be read again`,
      {
        hint: `create table ${sqlName(schema, table)} (id varchar(42) primary key, type varchar(32) not null, data varchar(2048))`,
      },
    )
  }
  return {
    ...{ schema, table, name: `${escapeIdentifier(schema)}.${escapeIdentifier(table)}` },
    dataLength: column.length ?? undefined,
  }
}
