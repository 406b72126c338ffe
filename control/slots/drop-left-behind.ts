import { escapeIdentifier } from 'pg'
import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { openDatabase } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { locateSource } from '../pipelines/locate-databases.ts'
import { waitFor } from '../system/retry.ts'

interface DropOptions {
  readonly context: Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>
  readonly hasSlot: boolean
  readonly hasPublication: boolean
  readonly signal: AbortSignal
}

/** Of a source that was deleted; what is not there counts as dropped. Gives what was done. */
export async function dropLeftBehind(source: Connector, options: DropOptions): Promise<readonly string[]> {
  const { context, hasSlot, hasPublication, signal } = options
  const { name, address } = await locateSource(context, source)
  await using database = await openDatabase({ ...address, applicationName: 'trib delete', signal })
  const done: string[] = []
  const slot = source.config['slot.name'] ?? 'debezium'
  if (hasSlot) {
    await waitFor(
      async () => {
        const { rows } = await database.query<{ active: boolean }>(
          'select active from pg_replication_slots where slot_name = $1 and database = current_database()',
          [slot],
        )
        // The server hears of the end of its reader a moment later.
        return rows[0]?.active ? { pending: 'it is still read' } : { done: true }
      },
      {
        what: `the slot ${slot} of ${name} to be free`,
        deadlineMs: 30_000,
        signal,
        hint: 'npx trib get slots',
      },
    )
    await database.query(
      'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and database = current_database()',
      [slot],
    )
    done.push(`the slot ${slot} of ${name} is dropped`)
  }
  if (hasPublication) {
    const publication = source.config['publication.name'] ?? 'dbz_publication'
    await database.query(`drop publication if exists ${escapeIdentifier(publication)}`)
    done.push(`the publication ${publication} of ${name} is dropped`)
  }
  return done
}

/** Pure, and before anything is deleted: what another connector reads stays. */
export function refuseShared(chosen: readonly Connector[], live: readonly Connector[]): void {
  const keys = ['slot.name', 'publication.name'] as const
  for (const connector of chosen) {
    const others = live.filter(({ name }) => !chosen.some(one => one.name === name))
    for (const key of keys) {
      const value = connector.config[key]
      const other = others.find(
        one =>
          value !== undefined &&
          one.config[key] === value &&
          one.config['database.hostname'] === connector.config['database.hostname'] &&
          one.config['database.dbname'] === connector.config['database.dbname'],
      )
      if (!other) continue
      throw new TribError(
        'USAGE',
        `${value} (${key} of ${connector.name}) is read by ${other.name}, too; nothing was deleted`,
        { hint: `npx trib delete ${named(connector.name)}` },
      )
    }
  }
}
