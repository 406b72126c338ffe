import type { Connector } from '../connect/connect-api.ts'
import { deadLetterTopicOf, mendedGroupOf } from '../connect/dead-letter-names.ts'
import { kafkaFailure } from '../kafka/kafka-failure.ts'
import { type KafkaAccess, openKafka } from '../kafka/open-kafka.ts'
import { readRecords, type TopicRecord } from '../kafka/read-records.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import type { BadRecord } from './find-bad-record.ts'

type Sink = Pick<Connector, 'name' | 'config'>

/** In Connect's own words, so that what it puts there and what we put there read alike. */
const header = {
  topic: '__connect.errors.topic',
  partition: '__connect.errors.partition',
  offset: '__connect.errors.offset',
  connector: '__connect.errors.connector.name',
  stage: '__connect.errors.stage',
  cause: '__connect.errors.exception.message',
} as const

/** A record that was put aside, and where it came from. */
export interface DeadLetter {
  /** Its own place in the dead letter topic. */
  readonly at: number
  readonly putAsideMs: number
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly stage: string
  readonly cause: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** Its own, without what says why it was put aside. */
  readonly headers: Readonly<Record<string, string>>
  readonly isMended: boolean
}

/** Keeps the record as it is, for ever, with where it was and why it could not land. */
export async function putAside(
  sink: Sink,
  { record, stage, cause }: BadRecord,
  { access, progress }: { readonly access: KafkaAccess; readonly progress: SinkProgress },
): Promise<void> {
  const topic = deadLetterTopicOf(sink)
  await progress.createLike(topic, record.topic, { 'retention.ms': '-1', 'cleanup.policy': 'delete' })
  const kafka = openKafka(access, { retries: 8 })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false })
  const headers = {
    ...record.headers,
    [header.topic]: record.topic,
    [header.partition]: String(record.partition),
    [header.offset]: String(record.offset),
    [header.connector]: sink.name,
    [header.stage]: stage,
    [header.cause]: cause,
  }
  try {
    await producer.connect()
    const { key, value } = record
    await producer.send({ topic, acks: -1, messages: [{ key, value, headers, partition: 0 }] })
  } catch (error) {
    throw await kafkaFailure(error, access, `the record could not be kept in ${topic}`)
  } finally {
    await producer.disconnect()
  }
}

interface ReadOptions {
  readonly access: KafkaAccess
  readonly progress: SinkProgress
  readonly signal?: AbortSignal | undefined
  /** Only these newest. (Default: all) */
  readonly newest?: number
  /** Of a longer value only the beginning is kept. (Default: all of it) */
  readonly mostValueBytes?: number
}

/** Those that were put aside, oldest first; a record that was put aside twice is one. */
export async function readDeadLetters(
  sink: Sink,
  { access, progress, signal, newest = Infinity, mostValueBytes }: ReadOptions,
): Promise<readonly DeadLetter[]> {
  const topic = deadLetterTopicOf(sink)
  const letters = new Map<string, DeadLetter>()
  const [end] = await progress.ends(topic)
  if (!end) return []
  const mended = Number((await progress.committed(mendedGroupOf(sink), topic)).get(end.partition) ?? 0n)
  const until = Number(end.next)
  const from = Math.max(Number(end.first), until - newest)
  const range = { topic, partition: end.partition, from, until }
  for (const record of await readRecords(access, range, { signal, mostValueBytes })) {
    const letter = toLetter(record, record.offset < mended)
    letters.set(`${letter.topic}/${letter.partition}@${letter.offset}`, letter)
  }
  return [...letters.values()]
}

function toLetter(
  { offset: at, timestampMs: putAsideMs, headers, key, value }: TopicRecord,
  isMended: boolean,
): DeadLetter {
  return {
    ...{ at, putAsideMs, key, value, isMended },
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !name.startsWith('__connect.errors.')),
    ),
    topic: headers[header.topic] ?? '?',
    partition: Number(headers[header.partition] ?? 0),
    offset: Number(headers[header.offset] ?? -1),
    stage: headers[header.stage] ?? '?',
    cause: headers[header.cause] ?? 'its headers do not say why',
  }
}

/** Everything before this place is mended. */
export async function markMended(sink: Sink, before: number, access: KafkaAccess): Promise<void> {
  const kafka = openKafka(access)
  const admin = kafka.admin()
  try {
    await admin.connect()
    await admin.setOffsets({
      groupId: mendedGroupOf(sink),
      topic: deadLetterTopicOf(sink),
      partitions: [{ partition: 0, offset: String(before) }],
    })
  } finally {
    await admin.disconnect()
  }
}
