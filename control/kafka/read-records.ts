import { randomUUID } from 'node:crypto'
import type { Consumer, IHeaders, Kafka } from 'kafkajs'
import { kafkaFailure } from './kafka-failure.ts'
import { type KafkaAccess, openKafka } from './open-kafka.ts'

export interface TopicRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
}

export interface RecordRange {
  readonly topic: string
  readonly partition: number
  readonly from: number
  /** The first that is not read. */
  readonly until: number
}

interface ReadOptions {
  readonly signal?: AbortSignal | undefined
  /** Of a longer value only the beginning is kept. (Default: all of it) */
  readonly mostValueBytes?: number | undefined
  /** Others are passed over: a long topic need not fit into memory. (Default: all are) */
  readonly isWanted?: (record: TopicRecord) => boolean
}

/** A broker that answers gives records within this; beyond it there is none left below the end. */
const silenceMs = 10_000

/** Reads a partition from one offset up to another and leaves no consumer group behind. */
export async function readRecords(
  access: KafkaAccess,
  range: RecordRange,
  options: ReadOptions = {},
): Promise<readonly TopicRecord[]> {
  if (range.from >= range.until) return []
  const kafka = openKafka(access)
  const groupId = `trib-read-${randomUUID()}`
  const consumer = kafka.consumer({
    ...{ groupId, maxWaitTimeInMs: 200, maxBytesPerPartition: 16 * 1024 * 1024 },
    allowAutoTopicCreation: false,
  })
  try {
    await consumer.connect()
    return await collect(consumer, range, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw await kafkaFailure(error, access, `${range.topic} could not be read`, options.signal)
  } finally {
    await consumer.disconnect()
    await forget(kafka, groupId)
  }
}

async function collect(
  consumer: Consumer,
  { topic, partition, from, until }: RecordRange,
  { signal, mostValueBytes = Infinity, isWanted = () => true }: ReadOptions,
): Promise<readonly TopicRecord[]> {
  const records: TopicRecord[] = []
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  let cut = () => {}
  const read = new Promise<readonly TopicRecord[]>((resolve, reject) => {
    // Offsets of control records are in no batch: the last one may never be seen.
    let patience = setTimeout(resolve, silenceMs, records)
    cut = () => reject(signal?.reason)
    signal?.addEventListener('abort', cut, { once: true })
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          if (batch.partition !== partition) return
          clearTimeout(patience)
          patience = setTimeout(resolve, silenceMs, records)
          for (const { offset, key, value, timestamp, headers } of batch.messages) {
            const at = Number(offset)
            if (at < from || at >= until) continue
            const isLong = value !== null && value.length > mostValueBytes
            const record = {
              ...{ topic, partition, offset: at, timestampMs: Number(timestamp), key },
              // A copy: a part of a batch keeps all of the batch.
              value: isLong ? Buffer.from(value.subarray(0, mostValueBytes)) : value,
              headers: textsOf(headers),
            }
            if (isWanted(record)) records.push(record)
          }
          if (Number(batch.lastOffset()) < until - 1) return
          clearTimeout(patience)
          resolve(records)
        },
      })
      .then(() => consumer.seek({ topic, partition, offset: String(from) }), reject)
  })
  return read.finally(() => signal?.removeEventListener('abort', cut))
}

function textsOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(Array.isArray(value) ? value.at(-1) : value)] as const],
    ),
  )
}

/** A group that was only read with has committed nothing: to brokers there may be nothing to delete. */
async function forget(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.deleteGroups([groupId]).catch(() => {})
  } finally {
    await admin.disconnect()
  }
}
