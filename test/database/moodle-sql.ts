import { join } from 'node:path'
import type { Database } from '../../control/database/connect.ts'
import { migrate, readSqlFiles } from '../../control/database/migrate.ts'
import { silentLog } from '../../control/output/log.ts'

export type MoodleService = 'community-db' | 'sites-db' | 'warehouse'

/** Brings an empty database to what the repository's files say. */
export async function migrateMoodle(database: Database, service: MoodleService): Promise<readonly string[]> {
  const files = await readSqlFiles(join(import.meta.dirname, '..', '..', 'sql', 'moodle', service))
  const { applied } = await migrate({ database, files, log: silentLog })
  return applied
}
