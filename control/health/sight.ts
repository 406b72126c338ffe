import type { Connector } from '../connect/connect-api.ts'
import type { Pipeline, PipelineTable } from '../pipelines/pipeline.ts'
import { beatName, heartbeatIntervalMs, heartbeatOf } from './heartbeat.ts'
import type {
  CapturedTable,
  Cluster,
  DatabaseSight,
  GroupSight,
  Reading,
  Snapshot,
  TopicSight,
  WarehouseSight,
} from './snapshot.ts'
import { readOf } from './unread.ts'

/** A snapshot seen from one pipeline: what every rule looks at. */
export interface Sight {
  readonly atMs: number
  readonly cluster: Cluster
  readonly pipeline: Pipeline
  readonly source: Connector | undefined
  readonly sink: Connector | undefined
  /** undefined: the source is none of Postgres'. */
  readonly database: Reading<DatabaseSight> | undefined
  /** undefined: the sink does not write to a Postgres. */
  readonly warehouse: Reading<WarehouseSight> | undefined
  readonly topics: Reading<Readonly<Record<string, TopicSight>>>
  readonly group: GroupSight | undefined
  readonly connectors: readonly Connector[]
  /** Every table that the sink lands, whichever pipeline it belongs to: a trace names any of them. */
  readonly landings: readonly Landing[]
  /** The same a moment ago: what has moved since, and how fast. */
  readonly before: Sight | undefined
}

export interface Landing {
  readonly table: PipelineTable
  /** undefined: its database was not read. */
  readonly captured: CapturedTable | undefined
}

export function sightOf(snapshot: Snapshot, pipeline: Pipeline, before?: Snapshot): Sight {
  const { source, sink } = pipeline
  return {
    ...{ atMs: snapshot.atMs, cluster: snapshot.cluster, pipeline, source, sink },
    database: source && snapshot.databases[source.name],
    warehouse: sink && snapshot.warehouses[sink.name],
    topics: snapshot.topics,
    group: sink && readOf(snapshot.groups)?.[sink.name],
    connectors: readOf(snapshot.connectors) ?? [],
    landings: snapshot.pipelines
      .filter(one => sink !== undefined && one.sink?.name === sink.name)
      .flatMap(one => landingsOf(snapshot, one)),
    before: before && sightOf(before, pipeline),
  }
}

function landingsOf({ databases }: Snapshot, { source, tables }: Pipeline): readonly Landing[] {
  const seen = source && readOf(databases[source.name])
  return tables.map(table => ({ table, captured: findCaptured(seen, table) }))
}

export function findCaptured(
  database: DatabaseSight | undefined,
  { source }: PipelineTable,
): CapturedTable | undefined {
  return database?.tables.find(({ schema, table }) => schema === source?.schema && table === source?.table)
}

/** Records of a topic that the sink has not confirmed; undefined: nobody knows. */
export function lagOf(
  { topics, group, sink }: Sight,
  { topic }: Pick<PipelineTable, 'topic'>,
): number | undefined {
  const sight = readOf(topics)?.[topic]
  if (!sight || !group || !sink) return undefined
  return sight.partitions.reduce((sum, { partition, first, end }) => {
    const next = group.committed[`${topic}/${partition}`] ?? first
    return sum + Math.max(0, end - Math.max(next, first))
  }, 0)
}

export function totalLag(sight: Sight): number | undefined {
  const lags = sight.pipeline.tables.map(table => lagOf(sight, table))
  return lags.some(lag => lag === undefined) || lags.length === 0
    ? undefined
    : lags.reduce<number>((sum, lag) => sum + (lag ?? 0), 0)
}

/** When the source was last heard of in the warehouse. */
export function lastBeatMs({ source, warehouse }: Sight): number | undefined {
  return source && readOf(warehouse)?.beats[beatName(source)]
}

/** How old the newest news of the source is that has landed, by the source's own clock where that was read. */
export function freshnessMs(sight: Sight): number | undefined {
  const beatMs = lastBeatMs(sight)
  const seen = readOf(sight.warehouse)
  if (beatMs === undefined || !seen) return undefined
  const skewMs = readOf(sight.database)?.skewMs ?? seen.skewMs
  return Math.max(0, seen.atMs + skewMs - beatMs)
}

/** The heartbeat's way to the warehouse, where it beats and a deployed sink lands it. */
export function canaryOf({ pipeline, source }: Sight): PipelineTable | undefined {
  const heartbeat = heartbeatOf(pipeline)
  return source && heartbeatIntervalMs(source) > 0 && heartbeat?.target ? heartbeat : undefined
}

/** What a person calls a whole that runs: the connector and each of its tasks. */
export function isRunning(connector: Connector | undefined): boolean {
  return (
    connector !== undefined &&
    connector.state === 'RUNNING' &&
    connector.tasks.length > 0 &&
    connector.tasks.every(({ state }) => state === 'RUNNING')
  )
}

/** Whether anything of the pipeline came a step further between the two looks; undefined: there was only one. */
export function hasMoved(sight: Sight): boolean | undefined {
  const { before } = sight
  if (!before) return undefined
  return JSON.stringify(progressOf(sight)) !== JSON.stringify(progressOf(before))
}

function progressOf(sight: Sight) {
  const topics = readOf(sight.topics)
  return [
    sight.pipeline.tables.map(({ topic }) => topics?.[topic]?.partitions.map(({ end }) => end)),
    sight.pipeline.tables.map(({ topic }) =>
      Object.entries(sight.group?.committed ?? {}).filter(([key]) => key.startsWith(`${topic}/`)),
    ),
    readOf(sight.database)?.slot?.confirmedLsn,
    lastBeatMs(sight),
  ]
}
