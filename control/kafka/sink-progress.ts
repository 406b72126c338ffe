import type { Admin } from 'kafkajs'
import { type OpenAdmin, openAdmin } from './open-admin.ts'
import type { KafkaAccess } from './open-kafka.ts'
import { makeTopics, readSettings } from './topic-settings.ts'

export interface PartitionEnd {
  readonly partition: number
  readonly first: bigint
  /** The offset that the next record gets. */
  readonly next: bigint
}

/** How far topics have been written, and how far consumer groups have read them. */
export interface SinkProgress extends AsyncDisposable {
  /** Of the brokers that are asked. */
  access(): Promise<KafkaAccess>
  /** Empty: there is no such topic. */
  ends(topic: string): Promise<readonly PartitionEnd[]>
  /** What a group has committed, by partition; one that is not there has committed nothing. */
  committed(group: string, topic: string): Promise<ReadonlyMap<number, bigint>>
  /** Makes a topic of one partition, with the replicas and, but for these, the settings of the other; false: it was there. */
  createLike(topic: string, model: string, settings?: Readonly<Record<string, string>>): Promise<boolean>
  /** With all its records; one that is not there counts as removed. */
  remove(topic: string): Promise<void>
}

/** One connection, opened at the first question: a comparison that finds nothing asks none. */
export function openSinkProgress(access: () => Promise<KafkaAccess>): SinkProgress {
  let opened: Promise<OpenAdmin> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const ask = <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    // One after the other: kafkajs mixes up what several of these ask at once.
    const answer = turn.then(async () => {
      opened ??= access().then(known => openAdmin(known))
      return (await opened).ask(question)
    })
    turn = answer.catch(() => {})
    return answer
  }
  return {
    access,
    ends: topic =>
      ask(async admin => {
        if (!(await admin.listTopics()).includes(topic)) return []
        const offsets = await admin.fetchTopicOffsets(topic)
        return offsets.map(({ partition, low, high }) => ({
          partition,
          first: BigInt(low),
          next: BigInt(high),
        }))
      }),
    committed: (group, topic) =>
      ask(async admin => {
        const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
        const known = (found?.partitions ?? []).filter(({ offset }) => offset !== '-1')
        return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]))
      }),
    createLike: (topic, model, settings = {}) =>
      ask(async admin => {
        if ((await admin.listTopics()).includes(topic)) return false
        const { topics } = await admin.fetchTopicMetadata({ topics: [model] })
        const replicas = topics[0]?.partitions[0]?.replicas.length
        const ofModel = (await readSettings(admin, [model])).get(model)
        const config = { ...ofModel, ...settings }
        // Made by somebody else meanwhile, it is not ours either: whoever takes back what was done leaves it.
        return makeTopics(admin, [{ name: topic, partitions: 1, replicas, config }])
      }),
    remove: topic =>
      ask(async admin => {
        if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] })
      }),
    async [Symbol.asyncDispose]() {
      const brokers = await opened?.catch(() => undefined)
      await brokers?.[Symbol.asyncDispose]()
    },
  }
}
