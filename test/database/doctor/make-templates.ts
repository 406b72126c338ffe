import type { TestPostgres } from '../../support/postgres.ts'
import { migrateMoodle } from '../moodle-sql.ts'
import { templates } from './world.ts'

/** What each case gets a copy of: a source and a warehouse as the repository's files make them. */
export async function makeTemplates(postgres: TestPostgres): Promise<void> {
  await using admin = await postgres.open()
  for (const name of Object.values(templates)) await admin.query(`create database ${name}`)
  {
    await using source = await postgres.open(templates.source)
    await migrateMoodle(source, 'community-db')
  }
  await using warehouse = await postgres.open(templates.warehouse)
  await migrateMoodle(warehouse, 'warehouse')
  // Its task has asked for its turn.
  await warehouse.query("insert into tributary.sink_tasks values ('warehouse-sink', gen_random_uuid(), 1)")
}
