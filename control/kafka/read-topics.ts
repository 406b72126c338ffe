import { type Admin, ConfigResourceTypes, ConfigSource } from 'kafkajs'
import { kafkaFailure } from './kafka-failure.ts'
import { type KafkaAccess, openKafka } from './open-kafka.ts'

/** A topic as the brokers have it. */
export interface LiveTopic {
  readonly name: string
  readonly partitions: number
  /** Of the partition that has the fewest. */
  readonly replicas: number
  /** What is set on the topic itself, without the defaults of the brokers. */
  readonly config: Readonly<Record<string, string>>
}

/** The topics that are chosen out of all there are, by name; a name that is none of them is left out. */
export async function readTopics(
  access: KafkaAccess,
  choose: (existing: readonly string[]) => readonly string[],
): Promise<readonly LiveTopic[]> {
  const admin = openKafka(access).admin()
  try {
    await admin.connect()
    const existing = await admin.listTopics()
    const wanted = new Set(choose(existing))
    return await describeTopics(
      admin,
      existing.filter(name => wanted.has(name)),
    )
  } catch (error) {
    throw await kafkaFailure(error, access)
  } finally {
    await admin.disconnect()
  }
}

async function describeTopics(admin: Admin, names: string[]): Promise<readonly LiveTopic[]> {
  // Asked for none, Kafka tells of all.
  if (names.length === 0) return []
  const { topics } = await admin.fetchTopicMetadata({ topics: names })
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map(name => ({ type: ConfigResourceTypes.TOPIC, name })),
  })
  const configs = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]))
  return topics
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      config: Object.fromEntries(
        (configs.get(name) ?? [])
          .filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG)
          .map(({ configName, configValue }) => [configName, configValue]),
      ),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
