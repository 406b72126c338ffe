import { named } from '../../output/shell-words.ts'
import { bringUp, inTurn, sqlCommand, sqlName, sqlText } from '../commands-to-paste.ts'
import type { Sight } from '../sight.ts'
import { readOf } from '../unread.ts'

interface AnewOptions {
  /** (Default: false) */
  readonly withPublication?: boolean
}

/**
 * The way back where changes are gone for good: a new slot, and every row once more. The old slot must go first; it
 * would still be read from where it stands. After a publication was missing, too: Postgres decodes each change with
 * the publications that existed when it was made, so the slot can never get past those.
 */
export function snapshotAnew(
  sight: Sight,
  { withPublication = false }: AnewOptions = {},
): string | undefined {
  const { source, database } = sight
  if (!source) return undefined
  const seen = readOf(database)
  const begin = `npx trib delete offsets ${named(source.name, '--yes')}`
  const publication =
    withPublication && seen && !seen.publication
      ? sqlCommand(seen.place, createPublication(sight))
      : undefined
  const hasSlot = seen?.slot !== undefined && !seen.slot.isOfOtherDatabase
  const drop = hasSlot
    ? sqlCommand(seen.place, `select pg_drop_replication_slot(${sqlText(seen.slotName)})`)
    : undefined
  // Only where the slot has to go: nobody may be reading it, and what was stopped must run again.
  const isStopping = drop !== undefined && source.state !== 'STOPPED'
  return withRepair(
    sight,
    isStopping ? `npx trib stop ${named(source.name)}` : undefined,
    publication,
    drop,
    begin,
    isStopping || source.state === 'STOPPED' ? `npx trib resume ${named(source.name)}` : undefined,
  )
}

/**
 * A snapshot brings every row that is there; one that was deleted meanwhile would stay in the warehouse for good. Where
 * that is away nothing is begun: after it nobody would remember that something is to be repaired.
 */
export function withRepair(sight: Sight, ...commands: readonly (string | undefined)[]): string {
  const { warehouse, cluster } = sight
  if (warehouse?.kind === 'unreachable') return bringUp(cluster)
  return inTurn(...commands, readOf(warehouse) ? 'npx trib verify --repair --yes' : undefined)
}

/** Exactly what the connector captures, and the table by which it takes its signals. */
export function createPublication({ source, database }: Sight): string {
  const seen = readOf(database)
  const signal = source?.config['signal.data.collection']
  const tables = (seen?.tables ?? []).map(({ schema, table }) => sqlName(schema, table))
  const all = [...tables, ...(signal ? [sqlName(...signal.split('.'))] : [])]
  return `create publication ${sqlName(seen?.publicationName ?? 'dbz_publication')}${all.length > 0 ? ` for table ${all.join(', ')}` : ''}`
}
