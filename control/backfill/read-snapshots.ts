import * as z from 'zod'
import type { ConnectorOffset } from '../connect/connect-api.ts'

/** What a source stored of the rows that it is reading again. */
export interface StoredSnapshots {
  /** How far it has read the WAL; undefined: nowhere yet. */
  readonly at: bigint | undefined
  /** The first is at work, the others wait. */
  readonly open: readonly OpenSnapshot[]
  /** Of the row that it has come to, as Debezium writes it. */
  readonly key: string | undefined
  /** Of the row that is to be the last of the table at work. */
  readonly lastKey: string | undefined
}

export interface OpenSnapshot {
  /** Of the signal that asked for it. */
  readonly id: string
  /** `public.Orders` */
  readonly collection: string
  readonly where: string | undefined
}

const position = z.union([z.number(), z.string()]).transform(value => BigInt(value))

const offsetSchema = z.object({
  lsn: position.optional(),
  incremental_snapshot_collections: z.string().optional(),
  incremental_snapshot_primary_key: z.string().optional(),
  incremental_snapshot_maximum_key: z.string().optional(),
})

const collectionsSchema = z.array(
  z.object({
    incremental_snapshot_collections_id: z.string(),
    incremental_snapshot_collections_additional_condition: z.string().nullish(),
    incremental_snapshot_collections_correlation_id: z.string().nullish(),
  }),
)

/** Pure. Debezium keeps in its offset what it has still to read, so that a restart goes on with it. */
export function readSnapshots(offsets: readonly ConnectorOffset[]): StoredSnapshots {
  const found = offsets.flatMap(({ offset }) => offsetSchema.safeParse(offset).data ?? [])
  const open = found.flatMap(one =>
    collectionsSchema.parse(JSON.parse(one.incremental_snapshot_collections ?? '[]')),
  )
  return {
    at: found.find(one => one.lsn !== undefined)?.lsn,
    key: found.find(one => one.incremental_snapshot_primary_key !== undefined)
      ?.incremental_snapshot_primary_key,
    lastKey: found.find(one => one.incremental_snapshot_maximum_key !== undefined)
      ?.incremental_snapshot_maximum_key,
    open: open.map(one => ({
      id: one.incremental_snapshot_collections_correlation_id ?? '',
      collection: one.incremental_snapshot_collections_id,
      where: one.incremental_snapshot_collections_additional_condition || undefined,
    })),
  }
}
