import { type Admin, KafkaJSError } from 'kafkajs'
import type { TopicPlan } from '../scenarios/scenario.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import { openAdmin } from './open-admin.ts'
import { makeTopics, readSettings, replaceSettings } from './topic-settings.ts'

interface CreateTopicsOptions {
  readonly signal?: AbortSignal | undefined
}

/** Brokers that have just started are asked again, soon and often. */
const retry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 12 }

/** Creates the topics that are missing and mends settings that differ; gives the names of those it touched. */
export async function createTopics(
  bootstrap: readonly string[],
  plans: readonly TopicPlan[],
  { signal }: CreateTopicsOptions = {},
): Promise<readonly string[]> {
  await using brokers = openAdmin({ brokers: [...bootstrap] }, { signal, retry })
  return await brokers.ask(
    async admin => {
      const existing = new Set(await admin.listTopics())
      const missing = plans.filter(({ topic }) => !existing.has(topic))
      if (missing.length > 0) await createMissing(admin, missing, signal)
      const changed = await mendSettings(
        admin,
        plans.filter(({ topic }) => existing.has(topic)),
      )
      return [...missing.map(({ topic }) => topic), ...changed]
    },
    `the topics could not be made on ${bootstrap.join(', ')}`,
  )
}

async function createMissing(admin: Admin, missing: readonly TopicPlan[], signal: AbortSignal | undefined) {
  await makeTopics(
    admin,
    missing.map(({ topic, replicationFactor, ...rest }) => ({
      ...{ name: topic, replicas: replicationFactor },
      ...rest,
    })),
  )
  const topics = missing.map(({ topic }) => topic)
  const what = `a leader for each partition of ${topics.join(', ')}`
  const hint = 'npx trib status'
  await waitFor(() => lookForLeaders(admin, topics), { what, deadlineMs: 30_000, signal, hint })
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

/** Ours are mended, and what somebody else set on the topic stays. */
async function mendSettings(admin: Admin, plans: readonly TopicPlan[]): Promise<string[]> {
  const settings = await readSettings(
    admin,
    plans.map(({ topic }) => topic),
  )
  const changes = plans.flatMap(({ topic, config }) => {
    const live = settings.get(topic) ?? {}
    const differs = Object.entries(config).some(([key, value]) => live[key] !== value)
    return differs ? [{ name: topic, config: { ...live, ...config } }] : []
  })
  await replaceSettings(admin, changes)
  return changes.map(({ name }) => name)
}
