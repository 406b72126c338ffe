import type { Connector } from '../connect/connect-api.ts'
import { consumerGroupOf } from '../connect/consumer-group.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { openDatabase } from '../database/connect.ts'
import { kafkaFailure } from '../kafka/kafka-failure.ts'
import { type KafkaAccess, openKafka } from '../kafka/open-kafka.ts'
import { readRecords } from '../kafka/read-records.ts'
import type { PartitionEnd, SinkProgress } from '../kafka/sink-progress.ts'
import { named } from '../output/shell-words.ts'
import { locateWarehouse } from '../pipelines/locate-databases.ts'
import { targetOf } from '../pipelines/routing.ts'
import { waitFor } from '../system/retry.ts'
import type { DeadLetter } from './dead-letters.ts'
import { literalRole, readAsSink } from './find-bad-record.ts'
import { keyIdOf, type LaterRecord } from './raw-replay.ts'
import { firstRefused } from './try-landing.ts'

interface WriteOptions {
  readonly sink: Connector
  readonly access: KafkaAccess
  readonly progress: SinkProgress
  readonly signal: AbortSignal
}

export async function endsOf(
  letters: readonly DeadLetter[],
  progress: SinkProgress,
): Promise<ReadonlyMap<string, readonly PartitionEnd[]>> {
  const ends = new Map<string, readonly PartitionEnd[]>()
  for (const topic of new Set(letters.map(one => one.topic))) ends.set(topic, await progress.ends(topic))
  return ends
}

/** What lies in the topics behind these letters and has a key of theirs, up to these ends. */
export async function readLater(
  letters: readonly DeadLetter[],
  ends: ReadonlyMap<string, readonly PartitionEnd[]>,
  { sink, access, signal }: Omit<WriteOptions, 'progress'>,
): Promise<readonly LaterRecord[]> {
  const found: LaterRecord[] = []
  for (const [topic, partitions] of ends) {
    for (const { partition, first, next } of partitions) {
      const own = letters.filter(one => one.topic === topic && one.partition === partition)
      if (own.length === 0) continue
      const keys = new Set(own.map(({ key }) => keyIdOf(key, sink)))
      const from = Math.max(Number(first), Math.min(...own.map(({ offset }) => offset + 1)))
      const range = { topic, partition, from, until: Number(next) }
      const isWanted = ({ key }: { readonly key: Buffer | null }) => keys.has(keyIdOf(key, sink))
      for (const { offset, key } of await readRecords(access, range, { signal, isWanted, mostValueBytes: 0 }))
        found.push({ topic, partition, offset, keyId: keyIdOf(key, sink) ?? '' })
    }
  }
  return found
}

/** Why the sink would choke on it again, which would stop everything behind it; undefined: it lands. Undone. */
export async function wouldChokeAgain(
  letter: DeadLetter,
  {
    sink,
    context,
    signal,
  }: { readonly sink: Connector; readonly context: OpenContext; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const read = readAsSink(sink.config, letter)
  if ('stage' in read) return read.cause
  const target = targetOf(sink.config, letter.topic, undefined)
  if (!('landing' in read)) return undefined
  if (!target) return 'only the record itself says which table it lands in, so that nobody can try it first'
  const { address } = await locateWarehouse(context, sink)
  await using database = await openDatabase({ ...address, applicationName: 'trib dlq', signal })
  const role = literalRole(sink.config)
  return (await firstRefused(database, [read.landing], { target, role }))?.reason
}

/** To the end of its topic, as it was; gives where. */
export async function writeAgain(letter: DeadLetter, { access }: WriteOptions): Promise<number> {
  const { topic, partition, key, value, headers } = letter
  const producer = openKafka(access, { retries: 8 }).producer({
    ...{ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false },
  })
  try {
    await producer.connect()
    const [sent] = await producer.send({ topic, acks: -1, messages: [{ key, value, headers, partition }] })
    return Number(sent?.baseOffset ?? sent?.offset)
  } catch (error) {
    throw await kafkaFailure(error, access, `the record could not be written to ${topic}`)
  } finally {
    await producer.disconnect()
  }
}

/** Whether somebody wrote a newer one of its key after these ends, and before it was there. */
export async function wasOvertaken(
  letter: DeadLetter,
  {
    ends,
    offset,
    ...options
  }: Omit<WriteOptions, 'progress'> & {
    readonly ends: ReadonlyMap<string, readonly PartitionEnd[]>
    readonly offset: number
  },
): Promise<boolean> {
  const { topic, partition } = letter
  const first = ends.get(topic)?.find(one => one.partition === partition)?.next ?? 0n
  const between = new Map([[topic, [{ partition, first, next: BigInt(offset) }]]])
  return (await readLater([letter], between, options)).length > 0
}

/** Resolves when the sink has confirmed what was written there. */
export async function untilPassed(
  { topic, partition }: Pick<DeadLetter, 'topic' | 'partition'>,
  offset: number,
  { sink, progress, signal, deadlineMs }: WriteOptions & { readonly deadlineMs: number },
): Promise<void> {
  await waitFor(
    async () => {
      const at = Number((await progress.committed(consumerGroupOf(sink), topic)).get(partition) ?? 0n)
      return at > offset ? { done: true } : { pending: `${topic}/${partition} at ${at}` }
    },
    {
      what: `${sink.name} to land ${topic}/${partition} at ${offset}`,
      ...{ deadlineMs, intervalMs: 300, signal, hint: `npx trib explain ${named(sink.name)}` },
    },
  )
}
