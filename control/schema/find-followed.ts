import type { Connector } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import { isPostgresSink } from '../doctor/subjects/examined.ts'
import { capturedTables } from '../pipelines/captured-tables.ts'
import { isOwnTable } from '../pipelines/own-tables.ts'
import type { Pipeline, TableName, TargetName } from '../pipelines/pipeline.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { findTarget } from '../verify/find-target.ts'
import type { TableId } from './table-shapes.ts'

/** A captured table on its way to a sink of ours. */
export interface Followed {
  readonly pipeline: string
  readonly source: Connector
  readonly sink: Connector
  readonly id: TableId
  readonly target: TargetName
  /** A topic of the same source. */
  readonly topic: string
}

export const isFollowedSource = ({ config, type }: Connector) => kindOf(config, type).debezium === 'postgres'

interface FindOptions {
  readonly connectors: readonly Connector[]
  /** Each source's tables, by the connector's name. */
  readonly tables: ReadonlyMap<string, readonly TableId[]>
}

/** Pure: which tables of which pipelines land in tables that are ours to change. */
export function findFollowed({ connectors, tables }: FindOptions): readonly Followed[] {
  const captured = new Map(
    connectors
      .filter(isFollowedSource)
      .map(({ name, config }) => [name, capturedTables(config, tables.get(name) ?? [])]),
  )
  return readPipelines({ connectors, tablesOf: ({ name }) => captured.get(name) }).flatMap(one =>
    followedOf(one, captured),
  )
}

function followedOf(
  { name, source, sink, tables }: Pipeline,
  captured: ReadonlyMap<string, readonly TableId[]>,
): readonly Followed[] {
  if (!source || !sink || !isPostgresSink(sink)) return []
  // The sink changes its tables itself.
  if ((sink.config['schema.evolution'] ?? 'none') !== 'none') return []
  return tables.flatMap(({ source: table, target, topic }) => {
    const id = captured
      .get(source.name)
      ?.find(one => one.schema === table?.schema && one.table === table?.table)
    if (!id || !target || isOwnTable(id, source.config)) return []
    return [{ pipeline: name, source, sink, id, target, topic }]
  })
}

/** Where targets are; asked once for as long as the sink's config stays. */
export function createTargets() {
  const found = new Map<string, TableName>()
  return {
    async find(database: Database, { sink, target }: Followed): Promise<TableName> {
      const key = JSON.stringify([sink.name, sink.config, target])
      const name = found.get(key) ?? (await findTarget(database, target, sink.config))
      found.set(key, name)
      return name
    },
    /** One that is not there may come in another schema. */
    forget: () => found.clear(),
  }
}

export type Targets = ReturnType<typeof createTargets>
