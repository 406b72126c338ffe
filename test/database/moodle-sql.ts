import { join } from 'node:path'
import type { Database } from '../../control/database/connect.ts'
import { migrate, readSqlFiles } from '../../control/database/migrate.ts'
import { silentLog } from '../../control/output/log.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

export type MoodleService = 'community-db' | 'sites-db' | 'warehouse'

/** Brings an empty database to what the repository's files say. */
export async function migrateMoodle(database: Database, service: MoodleService): Promise<readonly string[]> {
  const files = await readSqlFiles(join(import.meta.dirname, '..', '..', 'sql', 'moodle', service))
  const { applied } = await migrate({ database, files, log: silentLog })
  return applied
}

const names: Readonly<Record<MoodleService, string>> = {
  'community-db': 'community_db',
  'sites-db': 'sites_db',
  warehouse: 'warehouse',
}

/** One server with all three databases, each as the repository's files say. */
export async function startMoodle(): Promise<TestPostgres> {
  const postgres = await startPostgres({ databases: Object.values(names) })
  for (const [service, name] of Object.entries(names) as [MoodleService, string][]) {
    await using database = await postgres.open(name)
    await migrateMoodle(database, service)
  }
  return postgres
}
