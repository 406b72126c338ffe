import type { Connector } from '../connect/connect-api.ts'
import type { Span } from '../pipelines/beat-log.ts'
import type { Pipeline, TableName } from '../pipelines/pipeline.ts'
import type { KnownTable } from '../schema/known-tables.ts'

/**
 * Everything that health looks at, read once: plain data, so that judging is pure and two snapshots can be compared.
 * Whatever could not be read says so; nothing is healthy because nobody could look.
 */
export interface Snapshot {
  /** This machine's clock, in ms. */
  readonly atMs: number
  readonly cluster: Cluster
  readonly connectors: Reading<readonly Connector[]>
  readonly pipelines: readonly Pipeline[]
  /** By the name of the source connector; only of those whose database is a Postgres. */
  readonly databases: Readonly<Record<string, Reading<DatabaseSight>>>
  /** By the name of the sink connector; only of those that write to a Postgres. */
  readonly warehouses: Readonly<Record<string, Reading<WarehouseSight>>>
  /** By topic; one that does not exist is missing. */
  readonly topics: Reading<Readonly<Record<string, TopicSight>>>
  /** Committed offsets, by the name of the sink connector. */
  readonly groups: Reading<Readonly<Record<string, GroupSight>>>
}

/** What commands to paste depend on. */
export interface Cluster {
  readonly context: string
  readonly kind: 'local' | 'file'
  /** Given on the command line: they belong into every command that is printed. */
  readonly stackOption: string | undefined
  readonly contextOption: string | undefined
  readonly statusHint: string
}

export type Reading<T> = { readonly kind: 'read'; readonly value: T } | Unread

export interface Unread {
  /** `missing`: the context does not say where it is. `unreachable`: no answer. `refused`: an answer, but no. */
  readonly kind: 'missing' | 'unreachable' | 'refused'
  readonly reason: string
  readonly command: string | undefined
}

/** Where SQL that mends something is run. */
export interface SqlPlace {
  /** As the context calls it; in the local stack the service. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** `trib sql NAME` speaks to this very database. */
  readonly isService: boolean
}

export interface DatabaseSight {
  readonly place: SqlPlace
  /** How far the database's clock is ahead of this machine's. */
  readonly skewMs: number
  readonly walLsn: string
  /** The same as a number of bytes: what two snapshots tell is a rate. */
  readonly walBytes: number
  readonly walLevel: string
  readonly slotName: string
  /** undefined: there is none of that name. */
  readonly slot: SlotSight | undefined
  /** undefined: there is none of that name, or the plugin needs none. */
  readonly publication: PublicationSight | undefined
  readonly publicationName: string
  readonly needsPublication: boolean
  /** The oldest transaction, which pins the slot while it lasts. */
  readonly oldestTransaction:
    | { readonly pid: number; readonly seconds: number; readonly state: string }
    | undefined
  /** Those that the connector captures. */
  readonly tables: readonly CapturedTable[]
  /** When it beat, by its own log; undefined: it keeps none. */
  readonly beatRuns: readonly Span[] | undefined
}

export interface SlotSight {
  readonly isActive: boolean
  readonly activePid: number | undefined
  readonly confirmedLsn: string | undefined
  readonly restartLsn: string | undefined
  /** WAL that is kept for it. */
  readonly retainedBytes: number
  /** Not yet confirmed by the connector. */
  readonly unconfirmedBytes: number
  /** reserved, extended, unreserved, lost */
  readonly walStatus: string
  /** How much more WAL may be written before it is lost; undefined: no limit is set. */
  readonly safeBytes: number | undefined
  readonly limitBytes: number | undefined
  readonly isOfOtherDatabase: boolean
}

export interface PublicationSight {
  readonly isForAllTables: boolean
}

export interface CapturedTable extends TableName {
  readonly oid: string
  readonly isPublished: boolean
  /** Rows inserted, updated and deleted since the statistics began. */
  readonly changes: number
  readonly columns: readonly Column[]
}

export interface Column {
  /** Stays through a rename. */
  readonly number: number
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  readonly isKey: boolean
}

export interface WarehouseSight {
  readonly place: SqlPlace
  /** When it was looked at, by this machine's clock. */
  readonly atMs: number
  readonly skewMs: number
  /** Every table of a name that a sink writes to. */
  readonly tables: readonly LandedTable[]
  /** The schemas that the sink's role looks through. */
  readonly searchPath: readonly string[]
  /** What the sources' tables were like when all about them fitted; empty where nobody follows. */
  readonly known: readonly KnownTable[]
  /** When each source was last heard of, by the value that its heartbeat writes. */
  readonly beats: Readonly<Record<string, number>>
  /** When each source was heard of, by the name of the table in which its log lands. */
  readonly beatRuns: Readonly<Record<string, readonly Span[]>>
}

export interface LandedTable extends TableName {
  readonly changes: number
}

export interface TopicSight {
  readonly partitions: readonly PartitionSight[]
  /** undefined: could not be asked, or kept for ever. */
  readonly retentionMs: number | undefined
}

export interface PartitionSight {
  readonly partition: number
  readonly first: number
  readonly end: number
}

export interface GroupSight {
  readonly group: string
  /** `topic/partition` → the next offset to be read; missing where nothing was committed. */
  readonly committed: Readonly<Record<string, number>>
  /** `topic/partition` → how much of the retention the oldest unread record has lived, where that is much. */
  readonly retentionUsed: Readonly<Record<string, number>>
  /** Records that it could not land and that were put aside, and are not mended yet. (Default: 0) */
  readonly putAside?: number
  /** Another one when a record was put aside or mended; undefined: none ever was. */
  readonly deadLetterMark?: string | undefined
}
