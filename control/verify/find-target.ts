import type { ConnectorConfig } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { TableName, TargetName } from '../pipelines/pipeline.ts'

/** The role's own search path in this database, else the role's, else the database's: as Postgres chooses it. */
const searchPathQuery = `
select substr(setting, length('search_path=') + 1) as path
from pg_db_role_setting s
left join pg_roles r on r.oid = s.setrole
left join pg_database d on d.oid = s.setdatabase
cross join unnest(s.setconfig) as setting
where setting like 'search_path=%'
  and (s.setrole = 0 or r.rolname = $1) and (s.setdatabase = 0 or d.datname = current_database())
order by s.setrole <> 0 desc, s.setdatabase <> 0 desc
limit 1`

const tablesQuery = `
select n.nspname as schema, c.relname as table
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and c.relname in ($1, $2)`

/** The warehouse's table that a JDBC sink writes to; one that is not there is named as it would be. */
export async function findTarget(
  database: Database,
  { schema, table }: TargetName,
  config: ConnectorConfig,
): Promise<TableName> {
  const names = isFolded(config) ? [table.toLowerCase()] : [table]
  const { rows } = await database.query<{ schema: string; table: string }>(tablesQuery, [table, ...names])
  const schemas = schema === undefined ? await searchPath(database, config) : [schema]
  for (const wanted of schemas) {
    const found = rows.find(row => row.schema === wanted && names.includes(row.table))
    if (found) return found
  }
  return { schema: schemas.at(-1) ?? 'public', table: names[0] ?? table }
}

/** Without quotes Postgres takes every name for lower case. */
export function isFolded(config: ConnectorConfig): boolean {
  return config['quote.identifiers'] !== 'true'
}

async function searchPath(database: Database, config: ConnectorConfig): Promise<readonly string[]> {
  const user = config['connection.username'] ?? ''
  const [, current] = /[?&]currentSchema=([^&]+)/.exec(config['connection.url'] ?? '') ?? []
  const { rows } = await database.query<{ path: string }>(searchPathQuery, [user])
  const path = current === undefined ? (rows[0]?.path ?? '"$user", public') : decodeURIComponent(current)
  return path
    .split(',')
    .map(name => name.trim().replace(/^"(.*)"$/, '$1'))
    .map(name => (name === '$user' ? user : name))
}
