import type { ConnectorConfig } from '../connect/connect-api.ts'
import { splitList } from '../plan/effective-config.ts'
import type { TableName, TargetName } from './pipeline.ts'

/** The topic that a Debezium source writes a table's rows to, routed. */
export function topicOf(config: ConnectorConfig, { schema, table }: TableName): string {
  const delimiter = config['topic.delimiter'] ?? '.'
  const prefix = config['topic.prefix'] ?? config['database.server.name'] ?? ''
  const name = [prefix, schema, table].join(delimiter)
  // What a topic's name cannot hold becomes an underscore (SchemaTopicNamingStrategy).
  return route(config, name.replace(/[^\w.-]/g, '_'))
}

/** Whether a sink reads the topic. */
export function readsTopic(config: ConnectorConfig, topic: string): boolean {
  const pattern = config['topics.regex']
  return (
    splitList(config['topics'] ?? '').includes(topic) ||
    (pattern !== undefined && wholly(pattern).test(topic))
  )
}

const defaultFormat = '${topic}'

/** The table that a JDBC sink writes a topic's records into; undefined where only the record itself tells. */
export function targetOf(
  config: ConnectorConfig,
  topic: string,
  source: TableName | undefined,
): TargetName | undefined {
  const format = config['collection.name.format'] ?? config['table.name.format'] ?? defaultFormat
  const fields: Readonly<Record<string, string | undefined>> = {
    topic: route(config, topic).replaceAll('.', '_'),
    'source.schema': source?.schema,
    'source.table': source?.table,
  }
  const isResolved = [...format.matchAll(/\$\{([^}]*)\}/g)].every(
    ([, name = '']) => fields[name] !== undefined,
  )
  if (!isResolved) return undefined
  const name = format.replace(/\$\{([^}]*)\}/g, (_all, field: string) => fields[field] ?? '')
  const dot = name.indexOf('.')
  return dot === -1
    ? { schema: undefined, table: name }
    : { schema: name.slice(0, dot), table: name.slice(dot + 1) }
}

/** The routers of a connector, one after the other; those with a predicate are left out, as they look at the record. */
function route(config: ConnectorConfig, topic: string): string {
  return splitList(config['transforms'] ?? '').reduce((name, alias) => {
    const value = (key: string) => config[`transforms.${alias}.${key}`]
    const type = value('type') ?? ''
    if (value('predicate') !== undefined) return name
    if (type === 'org.apache.kafka.connect.transforms.RegexRouter') {
      return replaceWholly(name, value('regex') ?? '', value('replacement') ?? '')
    }
    if (type === 'io.debezium.transforms.ByLogicalTableRouter') {
      return replaceWholly(name, value('topic.regex') ?? '', value('topic.replacement') ?? '')
    }
    return name
  }, topic)
}

/** Java's `matches` and `replaceFirst`: only where the whole name fits. */
function replaceWholly(name: string, pattern: string, replacement: string): string {
  const expression = wholly(pattern)
  return expression.test(name) ? name.replace(expression, replacement.replace(/\$\{(\w+)\}/g, '$<$1>')) : name
}

/** A Java pattern that fits the whole text; one that JavaScript does not understand fits nothing. */
export function wholly(pattern: string, flags = ''): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, flags)
  } catch {
    return /(?!)/
  }
}
