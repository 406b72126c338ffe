import { createHash } from 'node:crypto'
import type { LiveTopic } from '../kafka/read-topics.ts'
import { isThrottle } from './declared-topic.ts'
import { type OrderedConnector, quoted, yamlLines } from './write-formats.ts'

export interface StrimziNames {
  /** The KafkaConnect that runs the connectors. (Default: connect) */
  readonly connectCluster?: string | undefined
  /** The Kafka that holds the topics. (Default: kafka) */
  readonly kafkaCluster?: string | undefined
  /** Whether the operator restarts what fails. (Default: false) */
  readonly isRestarting?: boolean | undefined
}

/** v1 is what Strimzi reads since 0.49, and since 1.0 nothing else. */
const apiVersion = 'apiVersion: kafka.strimzi.io/v1'

/** A connector has the name of its resource, and nothing else can give it one: a name that Kubernetes refuses is kept. */
export function writeStrimzi({ name, entries, state }: OrderedConnector, names: StrimziNames = {}): string {
  const values = new Map(entries)
  const pluginClass = values.get('connector.class')
  const tasks = values.get('tasks.max')
  const version = values.get('connector.plugin.version')
  const own = new Set(['connector.class', 'tasks.max', 'connector.plugin.version'])
  const rest = entries.filter(([key]) => !own.has(key))
  return [
    apiVersion,
    'kind: KafkaConnector',
    'metadata:',
    `  name: ${quoted(name)}`,
    '  labels:',
    '    # The name of your KafkaConnect; without this label Strimzi leaves the connector alone.',
    `    strimzi.io/cluster: ${label(names.connectCluster ?? 'connect')}`,
    'spec:',
    ...(pluginClass === undefined ? [] : [`  class: ${quoted(pluginClass)}`]),
    // A number for Strimzi, where it is one as people write it.
    ...(tasks === undefined ? [] : [`  tasksMax: ${isCount(tasks) ? tasks : quoted(tasks)}`]),
    ...(version === undefined ? [] : [`  version: ${quoted(version)}`]),
    ...(names.isRestarting ? ['  autoRestart:', '    enabled: true'] : []),
    ...(state ? [`  state: ${state}`] : []),
    ...(rest.length === 0 ? ['  config: {}', ''] : [`  config:\n${yamlLines(rest, '    ')}`]),
  ].join('\n')
}

export function writeStrimziTopic(
  { name, partitions, replicas, config }: LiveTopic,
  names: StrimziNames = {},
): string {
  const resource = resourceName(name)
  const entries = Object.entries(config)
    .filter(([key]) => !isThrottle(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    apiVersion,
    'kind: KafkaTopic',
    'metadata:',
    `  name: ${quoted(resource)}`,
    '  labels:',
    '    # The name of your Kafka; without this label Strimzi leaves the topic alone.',
    `    strimzi.io/cluster: ${label(names.kafkaCluster ?? 'kafka')}`,
    'spec:',
    ...(resource === name ? [] : [`  topicName: ${quoted(name)}`]),
    `  partitions: ${partitions}`,
    `  replicas: ${replicas}`,
    ...(entries.length === 0 ? ['  config: {}', ''] : [`  config:\n${yamlLines(entries, '    ')}`]),
  ].join('\n')
}

/** What Kubernetes takes for the name of a resource: RFC 1123, in lower case, up to 253 letters. */
const resourcePattern = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/

export function isResourceName(name: string): boolean {
  return name.length <= 253 && resourcePattern.test(name)
}

/** The topic's own name, or one as near to it as Kubernetes allows, and no other topic's. */
export function resourceName(topic: string): string {
  if (isResourceName(topic)) return topic
  const words = topic
    .toLowerCase()
    .split('.')
    .map(part => part.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter(part => part !== '')
  const near =
    words
      .join('.')
      .slice(0, 200)
      .replace(/[-.]+$/, '') || 'topic'
  // `Orders` and `orders` are two topics.
  return `${near}-${createHash('sha256').update(topic).digest('hex').slice(0, 8)}`
}

/** What Kubernetes or Strimzi would refuse of a connector, as sentences that go on after its name. */
export function strimziObjections({
  name,
  config,
}: {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
}): readonly string[] {
  const tasks = config['tasks.max']
  return [
    ...(isResourceName(name)
      ? []
      : ['is no name for a resource of Kubernetes: lower-case letters, digits, "-" and "." only']),
    ...(tasks === undefined || isCount(tasks)
      ? []
      : [`has tasks.max ${JSON.stringify(tasks)}, and tasksMax must be a whole number above 0`]),
  ]
}

const isCount = (text: string): boolean => /^[1-9]\d{0,8}$/.test(text)

/** As Kubernetes writes labels; what would be no text for YAML is quoted. */
const label = (text: string): string => (/^[a-z][a-z0-9-]*$/.test(text) ? text : quoted(text))
