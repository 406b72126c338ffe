import type { Admin } from 'kafkajs'
import { openAdmin } from './open-admin.ts'
import type { KafkaAccess } from './open-kafka.ts'
import { readSettings, type TopicSettings } from './topic-settings.ts'

/** A topic as the brokers have it. */
export interface LiveTopic {
  readonly name: string
  readonly partitions: number
  /** Of the partition that has the fewest. */
  readonly replicas: number
  readonly config: TopicSettings
}

interface ReadOptions {
  readonly signal: AbortSignal
}

/** The topics that are chosen out of all there are, by name; a name that is none of them is left out. */
export async function readTopics(
  access: KafkaAccess,
  choose: (existing: readonly string[]) => readonly string[],
  { signal }: ReadOptions,
): Promise<readonly LiveTopic[]> {
  await using brokers = openAdmin(access, { signal })
  return await brokers.ask(async admin => {
    const existing = await admin.listTopics()
    const wanted = new Set(choose(existing))
    return describeTopics(
      admin,
      existing.filter(name => wanted.has(name)),
    )
  })
}

async function describeTopics(admin: Admin, names: string[]): Promise<readonly LiveTopic[]> {
  // Asked for none, Kafka tells of all.
  if (names.length === 0) return []
  const { topics } = await admin.fetchTopicMetadata({ topics: names })
  const settings = await readSettings(admin, names)
  return topics
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      config: settings.get(name) ?? {},
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}
