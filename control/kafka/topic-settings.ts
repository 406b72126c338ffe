import { type Admin, ConfigResourceTypes, ConfigSource } from 'kafkajs'

/** What is set on a topic itself, without the defaults of the brokers. */
export type TopicSettings = Readonly<Record<string, string>>

interface NewTopic {
  readonly name: string
  /** (Default: as many as the brokers have it) */
  readonly partitions: number | undefined
  readonly replicas: number | undefined
  readonly config: TopicSettings
}

/** false: all those that were not made are there already; kafkajs takes that for no failure. */
export async function makeTopics(admin: Admin, topics: readonly NewTopic[]): Promise<boolean> {
  return admin.createTopics({
    // It fails where a broker has not heard of the new topic yet.
    waitForLeaders: false,
    timeout: 30_000,
    topics: topics.map(({ name, partitions = -1, replicas = -1, config }) => ({
      ...{ topic: name, numPartitions: partitions, replicationFactor: replicas },
      configEntries: toEntries(config),
    })),
  })
}

/** By the name of the topic. */
export async function readSettings(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, TopicSettings>> {
  // Asked for none, brokers refuse.
  if (names.length === 0) return new Map()
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map(name => ({ type: ConfigResourceTypes.TOPIC, name })),
  })
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(
        configEntries
          .filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG)
          .map(({ configName, configValue }) => [configName, configValue]),
      ),
    ]),
  )
}

/** The request replaces all that a topic has; kafkajs does not know the one that changes single keys. */
export async function replaceSettings(
  admin: Admin,
  topics: readonly { readonly name: string; readonly config: TopicSettings }[],
): Promise<void> {
  if (topics.length === 0) return
  await admin.alterConfigs({
    validateOnly: false,
    resources: topics.map(({ name, config }) => ({
      ...{ type: ConfigResourceTypes.TOPIC, name },
      configEntries: toEntries(config),
    })),
  })
}

function toEntries(config: TopicSettings) {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}
