import { kafkaFailure } from '../kafka/kafka-failure.ts'
import { openKafka } from '../kafka/open-kafka.ts'
import { readRecords } from '../kafka/read-records.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { recordKeys } from './record-key.ts'
import type { Key, TableShape } from './store.ts'

interface TombstoneOptions {
  readonly topic: string
  readonly shape: TableShape
  readonly progress: Pick<SinkProgress, 'ends' | 'access'>
  readonly signal?: AbortSignal | undefined
}

/** Writes the deletes of rows into their topic; false: this topic's keys cannot be written from here. */
export type Tombstones = (keys: readonly Key[]) => Promise<boolean>

/** At the end of a topic any record with a key tells how keys are written. */
const sampleSize = 50

/**
 * A row that only the warehouse has was deleted where no connector read it. Deleted in the warehouse alone it would
 * come back with every replay of its topic: the topic has to hear of it, too.
 */
export function openTombstones(options: TombstoneOptions): Tombstones {
  let keyWriter: Promise<((key: Key) => Buffer) | undefined> | undefined
  return async keys => {
    keyWriter ??= readKeyWriter(options)
    const write = await keyWriter
    if (!write) return false
    await send(options, keys.map(write))
    return true
  }
}

async function readKeyWriter({ topic, shape, progress, signal }: TombstoneOptions) {
  for (const { partition, first, next } of await progress.ends(topic)) {
    const from = Math.max(Number(first), Number(next) - sampleSize)
    const range = { topic, partition, from, until: Number(next) }
    const records = await readRecords(await progress.access(), range, { signal })
    const sample = records.findLast(({ key }) => key !== null)?.key
    if (sample) return recordKeys({ sample, shape })
  }
  return undefined
}

async function send({ topic, progress, signal }: TombstoneOptions, keys: readonly Buffer[]): Promise<void> {
  const access = await progress.access()
  const producer = openKafka(access, { retries: 8 }).producer({
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
  })
  try {
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: keys.map(key => ({ key, value: null })) })
  } catch (error) {
    throw await kafkaFailure(error, access, `the deletes could not be written to ${topic}`, signal)
  } finally {
    await producer.disconnect()
  }
}
