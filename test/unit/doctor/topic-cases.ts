import type { Finding, Severity } from '../../../control/doctor/finding.ts'
import type { Examined } from '../../../control/doctor/subjects/examined.ts'
import type { KafkaSubject, TopicFacts } from '../../../control/doctor/subjects/kafka-subject.ts'

const source: Examined = {
  ...{ name: 'shop-source', type: 'source', state: 'RUNNING', isDeployed: true },
  ...{ workerId: '', trace: undefined, tasks: [] },
  config: {
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    'producer.override.max.request.size': '16777216',
  },
}

export const healthyTopic: TopicFacts = {
  ...{ topic: 'shop.public.orders', connectors: [source], isThere: true, replication: 3 },
  settings: {
    'min.insync.replicas': '2',
    'retention.ms': '604800000',
    'cleanup.policy': 'delete',
    'max.message.bytes': '16777216',
  },
}

export function subjectOf(topic: TopicFacts): KafkaSubject {
  return { bootstrap: '127.0.0.1:9', brokers: 3, isAutoCreating: false, topics: [topic] }
}

interface TopicCase {
  readonly check: string
  readonly fault: string
  readonly severity: Severity
  readonly message: RegExp
  readonly broken: TopicFacts
}

const withSetting = (name: string, value: string): TopicFacts => ({
  ...healthyTopic,
  settings: { ...healthyTopic.settings, [name]: value },
})

/** Of the facts only; `test/stack/pipeline.test.ts` breaks and mends a topic of a real cluster. */
export const topicCases: readonly TopicCase[] = [
  {
    ...{ check: 'topic-settings', fault: 'a topic is missing', severity: 'error' },
    message: /shop-source write to a topic that is not there/,
    broken: { ...healthyTopic, isThere: false, replication: 0, settings: {} },
  },
  {
    ...{ check: 'topic-settings', fault: 'one broker may lose rows', severity: 'warning' },
    message: /min.insync.replicas is 1 of 3/,
    broken: withSetting('min.insync.replicas', '1'),
  },
  {
    ...{ check: 'topic-settings', fault: 'every broker must be there', severity: 'warning' },
    message: /min.insync.replicas is 3 of 3/,
    broken: withSetting('min.insync.replicas', '3'),
  },
  {
    ...{ check: 'topic-settings', fault: 'rows are kept for an hour', severity: 'warning' },
    message: /rows are kept for 60 minutes/,
    broken: withSetting('retention.ms', '3600000'),
  },
  {
    ...{ check: 'topic-settings', fault: 'the topic takes less than the source sends', severity: 'warning' },
    message: /max.message.bytes is 1048588, but records of up to 16777216 bytes are sent/,
    broken: withSetting('max.message.bytes', '1048588'),
  },
]

/** What Kafka's tool makes of a topic when the command is pasted. */
export function paste(topic: TopicFacts, { fix }: Pick<Finding, 'fix'>): TopicFacts {
  if (fix.kind !== 'command') return topic
  const set = [...fix.command.matchAll(/--(?:add-)?config (\S+?)=(\S+)/g)].map(([, key, value]) => [
    key,
    value,
  ])
  const settings = { ...topic.settings, ...Object.fromEntries(set) }
  const [, replicas] = /--create .*--replication-factor (\d)/.exec(fix.command) ?? []
  return replicas === undefined
    ? { ...topic, settings }
    : { ...topic, settings, isThere: true, replication: Number(replicas) }
}
