import { ConfigResourceTypes } from 'kafkajs'
import { kafkaFailure } from '../../kafka/kafka-failure.ts'
import { type KafkaAccess, openKafka } from '../../kafka/open-kafka.ts'
import type { Examined } from './examined.ts'

/** A topic that connectors write or read, and what is known of it. */
export interface TopicFacts {
  readonly topic: string
  /** Of those that are examined. */
  readonly connectors: readonly Examined[]
  readonly isThere: boolean
  readonly replication: number
  readonly settings: Readonly<Record<string, string>>
}

export interface KafkaSubject {
  /** `127.0.0.1:9092,…`, for commands. */
  readonly bootstrap: string
  readonly brokers: number
  /** The brokers make a topic when it is first written to. */
  readonly isAutoCreating: boolean
  readonly topics: readonly TopicFacts[]
}

/** Asks the brokers about the topics; three requests, however many there are. */
export async function openKafkaSubject(
  access: KafkaAccess,
  wanted: ReadonlyMap<string, readonly Examined[]>,
): Promise<KafkaSubject> {
  const bootstrap = access.brokers.join(',')
  const kafka = openKafka(access, { retries: 2 })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const existing = new Set(await admin.listTopics())
    const topics = [...wanted.keys()].filter(topic => existing.has(topic))
    const cluster = await admin.describeCluster()
    const metadata = topics.length === 0 ? { topics: [] } : await admin.fetchTopicMetadata({ topics })
    const broker = String(cluster.brokers[0]?.nodeId ?? 1)
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.BROKER, name: broker, configNames: ['auto.create.topics.enable'] },
        ...topics.map(name => ({ type: ConfigResourceTypes.TOPIC, name })),
      ],
    })
    const settingsOf = (name: string) =>
      Object.fromEntries(
        (resources.find(one => one.resourceName === name)?.configEntries ?? []).map(
          ({ configName, configValue }) => [configName, configValue],
        ),
      )
    return {
      bootstrap,
      brokers: cluster.brokers.length,
      isAutoCreating: settingsOf(broker)['auto.create.topics.enable'] === 'true',
      topics: [...wanted].map(([topic, connectors]) => {
        const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? []
        const replication = Math.min(...partitions.map(({ replicas }) => replicas.length))
        return { topic, connectors, isThere: existing.has(topic), replication, settings: settingsOf(topic) }
      }),
    }
  } catch (error) {
    throw await kafkaFailure(error, access)
  } finally {
    await admin.disconnect()
  }
}
