import { splitList } from '../plan/effective-config.ts'
import type { Database } from './connect.ts'

/** Where a role looks for a table that is named without its schema. */
export async function searchPath(database: Database, role: string): Promise<readonly string[]> {
  const { rows } = await database.query<{ path: string }>(
    `select substr(setting, 13) as path
     from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) as setting
     where r.rolname = $1 and setting like 'search\\_path=%'
       and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
     order by s.setdatabase desc limit 1`,
    [role],
  )
  const names = splitList(rows[0]?.path ?? '"$user", public')
  return names.map(name => name.replace(/^"(.*)"$/, '$1')).map(name => (name === '$user' ? role : name))
}
