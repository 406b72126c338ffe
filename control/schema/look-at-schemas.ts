import { randomUUID } from 'node:crypto'
import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { isPostgresSink } from '../doctor/subjects/examined.ts'
import { sqlPlaceOf } from '../health/sql-place.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { type LocatedDatabase, locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { isFolded } from '../verify/find-target.ts'
import { leftOutColumns } from '../verify/left-out-columns.ts'
import { readTableAgain } from '../verify/read-table-again.ts'
import { type Changed, changeTable } from './change-table.ts'
import { type Decision, decideSteps } from './decide-steps.ts'
import { type Followed, findFollowed, isFollowedSource, type Targets } from './find-followed.ts'
import type { FollowEvent } from './follow-event.ts'
import { type KnownTable, readKnownTables } from './known-tables.ts'
import { findMoved } from './moved-tables.ts'
import type { Sessions } from './sessions.ts'
import {
  readLandingTables,
  readSourceTables,
  readTableNames,
  type SourceTable,
  type TableId,
} from './table-shapes.ts'

export interface LookOptions {
  readonly context: Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>
  readonly connect: Pick<ConnectClient, 'list' | 'pause' | 'restart'>
  readonly progress: Pick<SinkProgress, 'createLike'>
  readonly sessions: Sessions
  readonly targets: Targets
  /** (Default: all) */
  readonly pipeline?: string | undefined
}

/** One table after a look. */
export interface LookedTable extends Changed {
  readonly followed: Followed
  /** As the sink names it. */
  readonly landing: TableName
  /** Rows would land changed: the sink is to stand. */
  readonly mustStop: boolean
}

export interface Look {
  readonly connectors: readonly Connector[]
  readonly tables: readonly LookedTable[]
  /** Of tables that are not where they were. */
  readonly events: readonly FollowEvent[]
}

/** Looks at every table once, on both sides, and does what has to be done. */
export async function lookAtSchemas(options: LookOptions): Promise<Look> {
  const { context, connect, sessions, pipeline } = options
  const connectors = await connect.list()
  const sources = connectors.filter(isFollowedSource)
  const located = new Map<string, LocatedDatabase>()
  const tables = new Map<string, readonly TableId[]>()
  for (const source of sources) {
    const place = await locateSource(context, source)
    located.set(source.name, place)
    tables.set(source.name, await sessions.use(place.address, readTableNames))
  }
  const followed = findFollowed({ connectors, tables, pipeline })
  const looked: LookedTable[] = []
  const events: FollowEvent[] = []
  for (const source of sources) {
    const own = followed.filter(one => one.source.name === source.name)
    const place = located.get(source.name)
    // Where every table of a source is gone, what was known of them is in the warehouse all the same.
    const sink = own[0]?.sink ?? connectors.find(isPostgresSink)
    if (!place || !sink) continue
    const warehouse = await locateWarehouse(context, sink)
    const known = (await sessions.use(warehouse.address, readKnownTables)).filter(
      one => one.source === source.name,
    )
    events.push(
      ...findMoved({
        ...{ known, tables: tables.get(source.name) ?? [], place: await sqlPlaceOf(context, place) },
        followed: new Set(own.map(({ id }) => id.oid)),
      }),
    )
    const now = await sessions.use(place.address, database =>
      readSourceTables(
        database,
        own.map(({ id }) => id.oid),
      ),
    )
    for (const one of own) {
      const table = now.find(({ oid }) => oid === one.id.oid)
      if (table) looked.push(...(await lookAtTable(one, { ...options, place, table, known })))
    }
  }
  return { connectors, tables: looked, events }
}

interface TableOptions extends LookOptions {
  /** Of the source. */
  readonly place: LocatedDatabase
  readonly table: SourceTable
  readonly known: readonly KnownTable[]
}

async function lookAtTable(
  followed: Followed,
  { context, sessions, targets, place, table, known, progress }: TableOptions,
): Promise<readonly LookedTable[]> {
  const { source, sink, topic } = followed
  const warehouse = await locateWarehouse(context, sink)
  const object = `${table.schema}.${table.table}`
  const sqlPlace = await sqlPlaceOf(context, warehouse)
  return sessions.use(warehouse.address, async database => {
    const name = await targets.find(database, followed)
    const [landing] = await readLandingTables(database, [name])
    if (!landing) {
      // The doctor and health speak of a table that is not there.
      targets.forget()
      return []
    }
    const before = known.find(({ oid }) => oid === table.oid)
    const decision: Decision = decideSteps({
      ...{ source: source.name, now: table, landing, before },
      isFolded: isFolded(sink.config),
      isLeftOut: leftOutColumns(source.config, table),
    })
    const readAgain = () =>
      sessions.use(place.address, there =>
        readTableAgain({
          ...{ sourceConnector: source, table, database: there, progress, model: topic },
          id: `trib-follow-${randomUUID().slice(0, 8)}`,
        }),
      )
    const changed = await changeTable({
      ...{ decision, database, place: sqlPlace, object, sink: sink.name, before, readAgain },
    })
    return [
      { ...changed, followed, landing: name, mustStop: decision.refusals.some(({ mustStop }) => mustStop) },
    ]
  })
}
