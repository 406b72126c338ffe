import type { RangeOf } from '../offsets/plan-offsets.ts'
import type { KafkaAccess } from './open-kafka.ts'

/** The first and next offset of every partition of the topics; a topic that is gone has none. */
export async function readTopicRanges(access: KafkaAccess, topics: readonly string[]): Promise<RangeOf> {
  const { openKafka } = await import('./open-kafka.ts')
  const admin = openKafka(access).admin()
  try {
    await admin.connect()
    const existing = new Set(await admin.listTopics())
    const byTopic = new Map<string, Awaited<ReturnType<typeof admin.fetchTopicOffsets>>>()
    // One after the other: kafkajs mixes up what several of these ask at once.
    for (const topic of topics.filter(name => existing.has(name))) {
      byTopic.set(topic, await admin.fetchTopicOffsets(topic))
    }
    return (topic, partition) => {
      const found = byTopic.get(topic)?.find(one => one.partition === partition)
      return found && { first: Number(found.low), next: Number(found.high) }
    }
  } catch (error) {
    const { kafkaFailure } = await import('./kafka-failure.ts')
    throw await kafkaFailure(error, access)
  } finally {
    await admin.disconnect()
  }
}
