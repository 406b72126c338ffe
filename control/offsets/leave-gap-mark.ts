import { escapeIdentifier } from 'pg'
import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { openDatabase } from '../database/connect.ts'
import { gapMarkBeats, isBeatLog } from '../pipelines/beat-log.ts'
import { namedTables } from '../pipelines/captured-tables.ts'
import { locateSource } from '../pipelines/locate-databases.ts'

/**
 * A source that begins anew cannot tell what was deleted since its old position: rows that are gone are in no snapshot.
 * So, while it is stopped, its last two beats are deleted in its own log. Where the slot still carries deletes they go
 * from the warehouse, too. Where it does not, they stay there, and `health` tells it until `verify --repair` has mended
 * all that was lost with them, however often that is cut short. One alone may be beaten anew in the same ten seconds.
 * Once more changes nothing: they are counted from the last beat, not from what is left of the log.
 */
export async function leaveGapMark(context: OpenContext, source: Connector): Promise<void> {
  const log = namedTables(source.config).find(isBeatLog)
  if (!log) return
  const { address } = await locateSource(context, source)
  await using database = await openDatabase({ ...address, applicationName: 'trib delete offsets' })
  const [beats, heartbeat] = [log.table, 'heartbeat'].map(
    table => `${escapeIdentifier(log.schema)}.${escapeIdentifier(table)}`,
  )
  const { rows } = await database.query<{ may: boolean }>(
    `select coalesce(has_table_privilege(to_regclass($1), 'select, delete')
                     and has_table_privilege(to_regclass($2), 'select'), false) as may`,
    [beats, heartbeat],
  )
  if (rows[0]?.may !== true) return
  await database.query(
    `delete from ${beats} where tick > (select floor(extract(epoch from max(beat_at)) / 10) from ${heartbeat}) - $1`,
    [gapMarkBeats],
  )
}
