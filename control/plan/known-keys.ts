import type { ConnectorConfig } from '../connect/connect-api.ts'
import { kindOf } from './connector-kind.ts'
import { shortClass, splitList } from './effective-config.ts'

/** Keys that work though the plugins (Debezium 3.6 and 3.7) do not list them: read from the fields of their classes. */
const unlistedSource = [
  'offset.mismatch.strategy',
  'read.only',
  'money.fraction.digits',
  'poll.dispatch.interval.ms',
  'queue.provider.type',
  'include.schema.changes',
  'topic.cache.size',
  'topic.delimiter',
  'topic.heartbeat.name',
  'topic.heartbeat.prefix',
  'topic.transaction',
  'topic.regex',
  'topic.replacement',
  'topic.key.enforce.uniqueness',
  'topic.key.field.name',
  'topic.key.field.regex',
  'topic.key.field.replacement',
  'signal.file',
  'signal.kafka.bootstrap.servers',
  'signal.kafka.groupId',
  'signal.kafka.poll.timeout.ms',
  'signal.kafka.topic',
  'notification.sink.topic.name',
  'schema.history.internal',
  'schema.history.internal.kafka.bootstrap.servers',
  'schema.history.internal.kafka.topic',
  'database.connection.timeout.ms',
]
const unlistedSink = [
  'use.reduction.buffer',
  'connection.provider',
  'collection.naming.prefix',
  'collection.naming.style',
  'collection.naming.suffix',
  'column.naming.prefix',
  'column.naming.style',
  'column.naming.suffix',
]

/** Set by Connect, or meant for its own converters, and not always listed by the plugin. */
const ofConnect = [
  'name',
  'topic.creation.default.partitions',
  'topic.creation.default.replication.factor',
  'topic.creation.default.include',
  'topic.creation.default.exclude',
]

/** Connect reads these of every transform; the last is of Debezium's, and unlisted. */
const ofTransforms = ['type', 'predicate', 'negate', 'plugin.version', 'replace.null.with.default']

export const isOfEveryTransform = (key: string) => ofTransforms.includes(key.split('.').slice(2).join('.'))

const keysOfTransforms = (config: ConnectorConfig) =>
  ['transforms', 'predicates'].flatMap(list =>
    splitList(config[list] ?? '').flatMap(alias => ofTransforms.map(key => `${list}.${alias}.${key}`)),
  )

const isDebezium = (config: ConnectorConfig) =>
  kindOf(config).debezium !== undefined ||
  (config['connector.class'] ?? '').startsWith('io.debezium.') ||
  shortClass(config['connector.class'] ?? '') === 'JdbcSink'

/** Keys that count as known beside those that the plugins list. */
export function unlistedKeys(config: ConnectorConfig): readonly string[] {
  const common = [...ofConnect, ...keysOfTransforms(config)]
  if (!isDebezium(config)) return common
  return [...common, ...(kindOf(config).side === 'sink' ? unlistedSink : unlistedSource)]
}

/** Debezium lists these once, as patterns; in a config they hold a length or a salt. */
const patternKeys = [
  /^column\.(truncate\.to|mask\.with)\.\d+\.chars$/,
  /^column\.mask\.hash(\.v2)?\.[^.]+\.with\.salt\..+$/,
]

export const isPatternKey = (key: string) => patternKeys.some(pattern => pattern.test(key))

const passedOnAlways = [
  'producer.override.',
  'consumer.override.',
  'admin.override.',
  'transforms.',
  'predicates.',
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'topic.creation.',
  'errors.',
  'sasl.',
  'ssl.',
]
const passedOnByDebezium = [
  'database.',
  'driver.',
  'hibernate.',
  'signal.',
  'notification.',
  'openlineage.',
  'schema.history.internal.',
  'database.history.',
  'snapshot.select.statement.overrides.',
  'internal.',
]

/** Whether the key is handed on to something that knows it: a client, a driver, a converter with a name of its own. */
export function isPassedOn(key: string, config: ConnectorConfig): boolean {
  const named = ['converters', 'post.processors'].flatMap(list => splitList(config[list] ?? ''))
  const prefixes = [
    ...passedOnAlways,
    ...(isDebezium(config) ? [...passedOnByDebezium, ...named.map(alias => `${alias}.`)] : []),
  ]
  return prefixes.some(prefix => key.startsWith(prefix) && key.length > prefix.length)
}
