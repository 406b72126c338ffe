import { type Admin, ConfigResourceTypes, ConfigSource, Kafka, KafkaJSError, logLevel } from 'kafkajs'
import { messageOf, TribError } from '../errors/trib-error.ts'
import type { TopicPlan } from '../scenarios/scenario.ts'
import { type Outlook, waitFor } from '../system/retry.ts'

interface CreateTopicsOptions {
  readonly signal?: AbortSignal | undefined
}

/** Creates the topics that are missing and mends settings that differ; gives the names of those it touched. */
export async function createTopics(
  brokers: readonly string[],
  plans: readonly TopicPlan[],
  { signal }: CreateTopicsOptions = {},
): Promise<readonly string[]> {
  const kafka = new Kafka({
    clientId: 'trib',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 12 },
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const existing = new Set(await admin.listTopics())
    const missing = plans.filter(({ topic }) => !existing.has(topic))
    if (missing.length > 0) {
      // Not waitForLeaders: it fails where a broker has not heard of the new topic yet.
      await admin.createTopics({ waitForLeaders: false, timeout: 30_000, topics: missing.map(toCreation) })
      const topics = missing.map(({ topic }) => topic)
      const what = `a leader for each partition of ${topics.join(', ')}`
      await waitFor(() => lookForLeaders(admin, topics), { what, deadlineMs: 30_000, signal })
    }
    const changed = await mendSettings(
      admin,
      plans.filter(({ topic }) => existing.has(topic)),
    )
    return [...missing.map(({ topic }) => topic), ...changed]
  } catch (error) {
    signal?.throwIfAborted()
    throw new TribError(
      'KAFKA_FAILED',
      `the topics could not be made on ${brokers.join(', ')}: ${messageOf(error)}`,
      {
        hint: 'npx trib status',
        cause: error,
      },
    )
  } finally {
    await admin.disconnect()
  }
}

/** A topic that was just made is not known to every broker at once, and its partitions have no leader at first. */
async function lookForLeaders(admin: Admin, topics: string[]): Promise<Outlook<true>> {
  try {
    const metadata = await admin.fetchTopicMetadata({ topics })
    const leaderless = metadata.topics.flatMap(({ name, partitions }) =>
      partitions.filter(({ leader }) => leader < 0).map(({ partitionId }) => `${name}/${partitionId}`),
    )
    return leaderless.length === 0 ? { done: true } : { pending: `no leader for ${leaderless.join(', ')}` }
  } catch (error) {
    if (error instanceof KafkaJSError && error.retriable) return { pending: error.message }
    throw error
  }
}

/** Ours are mended, and what somebody else set on the topic stays: the request replaces all that it has. */
async function mendSettings(admin: Admin, plans: readonly TopicPlan[]): Promise<string[]> {
  if (plans.length === 0) return []
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: plans.map(({ topic }) => ({ type: ConfigResourceTypes.TOPIC, name: topic })),
  })
  const changes = plans.flatMap(({ topic, config }) => {
    const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries ?? []
    const live = Object.fromEntries(
      entries.filter(isOwnSetting).map(({ configName, configValue }) => [configName, configValue]),
    )
    const differs = Object.entries(config).some(([key, value]) => live[key] !== value)
    return differs ? [{ topic, config: { ...live, ...config } }] : []
  })
  if (changes.length > 0) {
    await admin.alterConfigs({
      validateOnly: false,
      resources: changes.map(({ topic, config }) => ({
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: toEntries(config),
      })),
    })
  }
  return changes.map(({ topic }) => topic)
}

/** Set on the topic itself, not inherited from the broker. */
function isOwnSetting({ configSource }: { readonly configSource: number }): boolean {
  return configSource === ConfigSource.TOPIC_CONFIG
}

function toCreation({ topic, partitions, replicationFactor, config }: TopicPlan) {
  return { topic, numPartitions: partitions, replicationFactor, configEntries: toEntries(config) }
}

function toEntries(config: Readonly<Record<string, string>>) {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}
