import type { KafkaConfig } from 'kafkajs'
import { messageOf, TribError } from '../errors/trib-error.ts'
import type { RangeOf } from '../offsets/plan-offsets.ts'

/** The first and next offset of every partition of the topics; a topic that is gone has none. */
export async function readTopicRanges(access: KafkaConfig, topics: readonly string[]): Promise<RangeOf> {
  const { Kafka, logLevel } = await import('kafkajs')
  const kafka = new Kafka({ clientId: 'trib', logLevel: logLevel.NOTHING, ...access, retry: { retries: 4 } })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const existing = new Set(await admin.listTopics())
    const entries = await Promise.all(
      topics
        .filter(topic => existing.has(topic))
        .map(async topic => [topic, await admin.fetchTopicOffsets(topic)] as const),
    )
    const byTopic = new Map(entries)
    return (topic, partition) => {
      const found = byTopic.get(topic)?.find(one => one.partition === partition)
      return found && { first: Number(found.low), next: Number(found.high) }
    }
  } catch (error) {
    throw new TribError(
      'KAFKA_FAILED',
      `the brokers at ${brokersOf(access)} could not be asked: ${messageOf(error)}`,
      {
        hint: 'npx trib status',
        cause: error,
      },
    )
  } finally {
    await admin.disconnect()
  }
}

function brokersOf({ brokers }: KafkaConfig): string {
  return Array.isArray(brokers) ? brokers.join(', ') : 'the addresses given'
}
