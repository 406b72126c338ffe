import type { Connector } from '../connect/connect-api.ts'
import { deadLetterTopicOf } from '../connect/dead-letter-names.ts'
import { readsTopic } from './routing.ts'

export interface UsedTopics {
  readonly connector: Pick<Connector, 'name' | 'type' | 'config'>
  /** What Connect has seen it write or read. */
  readonly topics: readonly string[]
}

/** The keys of Debezium's connectors that name a topic of their own. */
const ownTopics = [
  'schema.history.internal.kafka.topic',
  'signal.kafka.topic',
  'errors.deadletterqueue.topic.name',
]

/** Of the topics that are there, those that belong to the connectors; what is Kafka's or Connect's own is none. */
export function topicsOf(used: readonly UsedTopics[], existing: readonly string[]): readonly string[] {
  return existing.filter(
    topic =>
      topic !== '__consumer_offsets' &&
      topic !== '__transaction_state' &&
      used.some(({ connector, topics }) => topics.includes(topic) || belongsTo(connector, topic)),
  )
}

function belongsTo({ name, type, config }: UsedTopics['connector'], topic: string): boolean {
  if (ownTopics.some(key => config[key] === topic)) return true
  if (type === 'sink') return readsTopic(config, topic) || deadLetterTopicOf({ name, config }) === topic
  const prefix = config['topic.prefix']
  if (prefix === undefined || prefix === '') return false
  // Also what it writes seldom, and Connect may not have seen yet: signals, schema changes, transactions.
  const heartbeat = `${config['topic.heartbeat.prefix'] ?? '__debezium-heartbeat'}.${prefix}`
  const delimiter = config['topic.delimiter'] ?? '.'
  return topic === prefix || topic === heartbeat || topic.startsWith(`${prefix}${delimiter}`)
}
