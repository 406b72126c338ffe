import { shellWord } from '../../output/shell-words.ts'
import { kindOf } from '../../plan/connector-kind.ts'
import type { KafkaCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import type { KafkaSubject, TopicFacts } from '../subjects/kafka-subject.ts'

const dayMs = 24 * 60 * 60 * 1000

export const topicChecks: readonly KafkaCheck[] = [
  {
    id: 'topic-settings',
    title: 'topics are there, outlive a broker, keep rows for a day at least, and take the largest record',
    appliesTo: 'kafka',
    run: async subject =>
      subject.topics.flatMap(topic =>
        topic.isThere
          ? [...replication(subject, topic), ...retention(subject, topic), ...recordLimit(subject, topic)]
          : missing(subject, topic),
      ),
  },
]

/** The address that the context knows: of use where Kafka's own tools are at hand. */
const tool = ({ bootstrap }: KafkaSubject, name: string) => `${name}.sh --bootstrap-server ${bootstrap}`

const observe = (
  { topic }: TopicFacts,
  severity: 'error' | 'warning',
  message: string,
  fix: Fix,
): Observation => ({ object: `topic ${topic}`, severity, message, fix })

function missing(subject: KafkaSubject, topic: TopicFacts): readonly Observation[] {
  const writers = topic.connectors.filter(({ config, type }) => kindOf(config, type).side === 'source')
  const isMade = writers.some(
    ({ config }) => config['topic.creation.default.replication.factor'] !== undefined,
  )
  if (subject.isAutoCreating || isMade) return []
  const replicas = Math.min(3, subject.brokers)
  const settings = [
    ...(replicas >= 3 ? ['min.insync.replicas=2'] : []),
    `max.message.bytes=${largestRequest(topic)}`,
  ]
  const command = `${tool(subject, 'kafka-topics')} --create --topic ${shellWord(topic.topic)} --partitions 1 --replication-factor ${replicas}${settings.map(one => ` --config ${one}`).join('')}`
  const names = topic.connectors.map(({ name }) => name).join(' and ')
  return [
    observe(
      topic,
      writers.length > 0 ? 'error' : 'warning',
      `${names} ${writers.length > 0 ? 'write to' : 'read from'} a topic that is not there, and nobody makes it`,
      { kind: 'command', command },
    ),
  ]
}

const setTopic = (subject: KafkaSubject, { topic }: TopicFacts, setting: string): Fix => ({
  kind: 'command',
  command: `${tool(subject, 'kafka-configs')} --alter --entity-type topics --entity-name ${shellWord(topic)} --add-config ${setting}`,
})

function replication(subject: KafkaSubject, topic: TopicFacts): readonly Observation[] {
  const { replication: replicas, settings } = topic
  const insync = Number(settings['min.insync.replicas'] ?? '1')
  if (replicas < 2) {
    if (subject.brokers < 2) return []
    return [
      observe(
        topic,
        'warning',
        `it is kept on one of ${subject.brokers} brokers: its rows are lost with it`,
        {
          kind: 'none',
          reason: 'kafka-reassign-partitions.sh gives each partition more replicas',
        },
      ),
    ]
  }
  if (insync >= replicas) {
    const message = `min.insync.replicas is ${insync} of ${replicas}: nothing is written while any broker is away`
    return [
      observe(topic, 'warning', message, setTopic(subject, topic, `min.insync.replicas=${replicas - 1}`)),
    ]
  }
  if (replicas < 3 || insync > 1) return []
  const message = `min.insync.replicas is 1 of ${replicas}: a row may be acknowledged by one broker and lost with it`
  return [observe(topic, 'warning', message, setTopic(subject, topic, 'min.insync.replicas=2'))]
}

/** A sink that stands still for longer has lost rows. */
function retention(subject: KafkaSubject, topic: TopicFacts): readonly Observation[] {
  const kept = Number(topic.settings['retention.ms'] ?? '-1')
  const isDeleting = (topic.settings['cleanup.policy'] ?? 'delete').includes('delete')
  if (!isDeleting || kept < 0 || kept >= dayMs) return []
  const message = `rows are kept for ${Math.round(kept / 60_000)} minutes: a sink that stands still for longer loses them`
  return [observe(topic, 'warning', message, setTopic(subject, topic, `retention.ms=${7 * dayMs}`))]
}

/** What its sources may send at once; 1 MiB where they do not say. */
function largestRequest({ connectors }: TopicFacts): number {
  return Math.max(
    1_048_576,
    ...connectors.map(({ config }) => Number(config['producer.override.max.request.size'] ?? 0)),
  )
}

function recordLimit(subject: KafkaSubject, topic: TopicFacts): readonly Observation[] {
  const limit = Number(topic.settings['max.message.bytes'] ?? 'NaN')
  const sent = largestRequest(topic)
  if (!(limit < sent)) return []
  const message = `max.message.bytes is ${limit}, but records of up to ${sent} bytes are sent: a row between them fails the task`
  return [observe(topic, 'warning', message, setTopic(subject, topic, `max.message.bytes=${sent}`))]
}
