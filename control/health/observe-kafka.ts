import { type Admin, ConfigResourceTypes } from 'kafkajs'
import { kafkaFailure } from '../kafka/kafka-failure.ts'
import { type LendAdmin, lendNewAdmin } from '../kafka/lend-admin.ts'
import type { KafkaAccess } from '../kafka/open-kafka.ts'
import { byName } from './by-name.ts'
import type { GroupSight, PartitionSight, TopicSight } from './snapshot.ts'

/** What a sink reads, and under which name it keeps its place. */
export interface SinkGroup {
  readonly sink: string
  readonly group: string
  readonly topics: readonly string[]
  /** Where its dead letters are, and the group that keeps up to where they are mended. */
  readonly deadLetters: { readonly topic: string; readonly group: string }
}

interface KafkaLook {
  readonly topics: readonly string[]
  readonly groups: readonly SinkGroup[]
  readonly nowMs: number
  /** (Default: a new client) */
  readonly lend?: LendAdmin | undefined
}

export interface KafkaSight {
  readonly topics: Readonly<Record<string, TopicSight>>
  readonly groups: Readonly<Record<string, GroupSight>>
}

/** What the brokers say of the topics, and how far each sink's group has come. */
export async function observeKafka(access: KafkaAccess, look: KafkaLook): Promise<KafkaSight> {
  const lent = await (look.lend ?? lendNewAdmin)(access).catch(async error => {
    throw await kafkaFailure(error, access)
  })
  let outcome: 'well' | 'failed' = 'failed'
  try {
    const existing = new Set(await lent.admin.listTopics())
    const topics = await readTopics(lent.admin, look.topics, existing)
    const groups = await readGroups(lent.admin, { ...look, topics, existing })
    outcome = 'well'
    return { topics, groups }
  } catch (error) {
    throw await kafkaFailure(error, access)
  } finally {
    await lent.giveBack(outcome)
  }
}

async function readTopics(
  admin: Admin,
  names: readonly string[],
  existing: ReadonlySet<string>,
): Promise<Record<string, TopicSight>> {
  const found = names.filter(name => existing.has(name))
  const retention = await readRetention(admin, found)
  const topics = byName<TopicSight>()
  // One after the other: kafkajs mixes up what several of these ask at once.
  for (const topic of found) {
    const partitions = (await admin.fetchTopicOffsets(topic))
      .map(
        ({ partition, low, high }): PartitionSight => ({ partition, first: Number(low), end: Number(high) }),
      )
      .sort((a, b) => a.partition - b.partition)
    topics[topic] = { partitions, retentionMs: retention.get(topic) }
  }
  return topics
}

/** Whoever may not see a topic's settings may still see its records. */
async function readRetention(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (topics.length === 0) return new Map()
  const answer = await admin
    .describeConfigs({
      includeSynonyms: false,
      resources: topics.map(name => ({
        type: ConfigResourceTypes.TOPIC,
        name,
        configNames: ['retention.ms'],
      })),
    })
    .catch(() => undefined)
  const pairs = (answer?.resources ?? []).flatMap(({ resourceName, configEntries }) => {
    const value = Number(configEntries.find(({ configName }) => configName === 'retention.ms')?.configValue)
    return Number.isFinite(value) && value > 0 ? [[resourceName, value] as const] : []
  })
  return new Map(pairs)
}

interface GroupsLook {
  readonly topics: Readonly<Record<string, TopicSight>>
  /** Every topic of the cluster. */
  readonly existing: ReadonlySet<string>
  readonly groups: readonly SinkGroup[]
  readonly nowMs: number
}

async function readGroups(
  admin: Admin,
  { topics, existing, groups, nowMs }: GroupsLook,
): Promise<Readonly<Record<string, GroupSight>>> {
  const sights = byName<GroupSight>()
  for (const { sink, group, topics: read, deadLetters } of groups) {
    const known = read.filter(topic => topics[topic])
    const answer = known.length === 0 ? [] : await admin.fetchOffsets({ groupId: group, topics: [...known] })
    const committed = Object.fromEntries(
      answer.flatMap(({ topic, partitions }) =>
        partitions.flatMap(({ partition, offset }) =>
          Number(offset) < 0 ? [] : [[`${topic}/${partition}`, Number(offset)] as const],
        ),
      ),
    )
    const retentionUsed: Record<string, number> = {}
    for (const topic of known) {
      Object.assign(
        retentionUsed,
        await readRetentionUsed(admin, { topic, sight: topics[topic], committed, nowMs }),
      )
    }
    const put = existing.has(deadLetters.topic) ? await countOpen(admin, deadLetters) : { putAside: 0 }
    sights[sink] = { group, committed, retentionUsed, ...put }
  }
  return sights
}

async function countOpen(admin: Admin, { topic, group }: SinkGroup['deadLetters']) {
  const ends = await admin.fetchTopicOffsets(topic)
  const [mended] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  const places = ends.map(({ partition, low, high }) => {
    const next = Number(mended?.partitions.find(one => one.partition === partition)?.offset ?? -1)
    return { first: Number(low), end: Number(high), mended: Math.max(next, Number(low)) }
  })
  return {
    putAside: places.reduce((sum, { end, mended: before }) => sum + end - before, 0),
    deadLetterMark: JSON.stringify(places),
  }
}

/** How near the oldest unread record is to being deleted, in steps; a topic that is wholly read costs no request. */
const steps = [0.9, 0.7] as const

interface RetentionLook {
  readonly topic: string
  readonly sight: TopicSight | undefined
  readonly committed: Readonly<Record<string, number>>
  readonly nowMs: number
}

async function readRetentionUsed(
  admin: Admin,
  { topic, sight, committed, nowMs }: RetentionLook,
): Promise<Readonly<Record<string, number>>> {
  const { retentionMs, partitions = [] } = sight ?? {}
  const next = ({ partition, first }: PartitionSight) => committed[`${topic}/${partition}`] ?? first
  const behind = partitions.filter(one => next(one) < one.end)
  if (retentionMs === undefined || behind.length === 0) return {}
  const used: Record<string, number> = {}
  for (const step of steps) {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, Math.round(nowMs - step * retentionMs))
    for (const one of behind) {
      const key = `${topic}/${one.partition}`
      const young = Number(offsets.find(({ partition }) => partition === one.partition)?.offset ?? 0)
      // The first record that is younger than the step lies behind what is to be read next.
      if (used[key] === undefined && next(one) < young) used[key] = step
    }
  }
  return used
}
