import type { Connector } from '../connect/connect-api.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { splitList } from '../plan/effective-config.ts'
import { namedTables } from './captured-tables.ts'
import type { Pipeline, PipelineTable, TableName } from './pipeline.ts'
import { readsTopic, targetOf, topicOf } from './routing.ts'

interface ReadPipelinesOptions {
  readonly connectors: readonly Connector[]
  /** The tables that a source captures, asked of its database. (Default: those that its config names outright) */
  readonly tablesOf?: (source: Connector) => readonly TableName[] | undefined
}

/** Pure: which source feeds which sink, read from what is deployed and nothing else. */
export function readPipelines({
  connectors,
  tablesOf = () => undefined,
}: ReadPipelinesOptions): readonly Pipeline[] {
  const sinks = connectors.filter(one => kindOf(one.config, one.type).side === 'sink')
  const sources = connectors
    .filter(one => kindOf(one.config, one.type).debezium !== undefined)
    .map(source => ({ source, tables: tablesOf(source) ?? tablesByName(source, sinks) }))
  const written = new Set(
    sources.flatMap(({ source, tables }) => tables.map(table => topicOf(source.config, table))),
  )
  const pipelines = [
    ...sources.flatMap(({ source, tables }) => pipelinesOf(source, tables, sinks)),
    ...sinks.flatMap(sink => withoutSource(sink, written)),
  ]
  return [...pipelines, ...onTheirOwn(connectors, pipelines)]
}

/** What else is deployed, such as a source that is none of Debezium's: where it leads is not known, whether it runs is. */
function onTheirOwn(connectors: readonly Connector[], pipelines: readonly Pipeline[]): readonly Pipeline[] {
  const known = new Set(pipelines.flatMap(({ source, sink }) => [source?.name, sink?.name]))
  return connectors
    .filter(({ name }) => !known.has(name))
    .map(connector => {
      const isSink = kindOf(connector.config, connector.type).side === 'sink'
      const ends = isSink ? { source: undefined, sink: connector } : { source: connector, sink: undefined }
      return { name: connector.name, ...ends, tables: [] }
    })
}

/** Patterns say nothing without the database; the topics that sinks name may, as long as no router renamed them. */
function tablesByName({ config }: Connector, sinks: readonly Connector[]): readonly TableName[] {
  const named = namedTables(config)
  if (named.length > 0) return named
  const prefix = `${config['topic.prefix'] ?? ''}.`
  const topics = new Set(sinks.flatMap(sink => splitList(sink.config['topics'] ?? '')))
  return [...topics].flatMap(topic => {
    const [schema, table, ...rest] = topic.startsWith(prefix) ? topic.slice(prefix.length).split('.') : []
    return schema && table && rest.length === 0 ? [{ schema, table }] : []
  })
}

function pipelinesOf(
  source: Connector,
  tables: readonly TableName[],
  sinks: readonly Connector[],
): readonly Pipeline[] {
  const topics = tables.map(table => ({ source: table, topic: topicOf(source.config, table) }))
  const readers = sinks.filter(({ config }) => topics.some(({ topic }) => readsTopic(config, topic)))
  if (readers.length === 0) {
    return [
      {
        name: source.name,
        source,
        sink: undefined,
        tables: topics.map(one => ({ ...one, target: undefined })),
      },
    ]
  }
  return readers.map(sink => ({
    name: readers.length === 1 ? source.name : `${source.name}/${sink.name}`,
    source,
    sink,
    tables: topics.map(one => toTable(one, sink)),
  }))
}

function toTable({ source, topic }: Omit<PipelineTable, 'target'>, { config }: Connector): PipelineTable {
  return { source, topic, target: readsTopic(config, topic) ? targetOf(config, topic, source) : undefined }
}

/** Topics that a sink names and nobody here writes: another cluster's, or a source that is gone. */
function withoutSource(sink: Connector, written: ReadonlySet<string>): readonly Pipeline[] {
  const topics = splitList(sink.config['topics'] ?? '').filter(topic => !written.has(topic))
  if (topics.length === 0) return []
  const tables = topics.map(topic => toTable({ source: undefined, topic }, sink))
  return [{ name: sink.name, source: undefined, sink, tables }]
}
