import { escapeIdentifier } from 'pg'
import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { openDatabase } from '../database/connect.ts'
import { beatEveryMs, gapMarkBeats, isBeatLog } from '../pipelines/beat-log.ts'
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
  const [schema, table] = [log.schema, log.table].map(name => escapeIdentifier(name))
  await database.query(
    `delete from ${schema}.${table}
     where tick > (select floor(extract(epoch from max(beat_at)) * 1000 / $1) from ${schema}.heartbeat) - $2`,
    [beatEveryMs, gapMarkBeats],
  )
}
