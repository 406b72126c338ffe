import type { ConnectClient, Connector, ConnectorConfig } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { openDatabase } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'
import { failedRow } from '../health/rules/failed-row.ts'
import { readRecords, type TopicRecord } from '../kafka/read-records.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { named } from '../output/shell-words.ts'
import { locateWarehouse } from '../pipelines/locate-databases.ts'
import { targetOf } from '../pipelines/routing.ts'
import { decodeRecord, hasSchema } from './decode-record.ts'
import type { LandingRecord } from './landing-statement.ts'
import { firstRefused } from './try-landing.ts'

/** As Connect calls the steps of a record's way. */
export type Stage = 'KEY_CONVERTER' | 'VALUE_CONVERTER' | 'TASK_PUT'

export interface BadRecord {
  readonly record: TopicRecord
  readonly stage: Stage
  /** Why it cannot land, in one sentence without its full stop. */
  readonly cause: string
  /** The first that the sink has not confirmed of its partition: what lies between is good, and has to land. */
  readonly committed: number
}

export interface PartitionPlace {
  readonly topic: string
  readonly partition: number
}

interface FindOptions {
  readonly sink: Connector
  readonly context: OpenContext
  readonly connect: Pick<ConnectClient, 'offsets' | 'topics'>
  readonly progress: SinkProgress
  /** Only of this partition. (Default: of all that the sink reads) */
  readonly at?: PartitionPlace | undefined
  readonly signal?: AbortSignal | undefined
}

/** A sink takes this many at once from a partition, and fails with all of them. */
const oftenAtOnce = 5_000
/** So many more are looked at: the batch that failed may lie behind others that were not confirmed yet. */
const batches = 4

/**
 * The record that a failed sink chokes on: the first, of those that it is to read next, which its converter cannot
 * read or its warehouse refuses. Found by doing the same in a transaction that is undone.
 */
export async function findBadRecord(options: FindOptions): Promise<BadRecord> {
  const { sink, context, signal } = options
  const places = await placesOf(options)
  const located = await locateWarehouse(context, sink)
  await using database = await openDatabase({ ...located.address, applicationName: 'trib skip', signal })
  const access = await context.kafka()
  let looked = 0
  for (const place of places) {
    const records = await readRecords(access, place, { signal })
    looked += records.length
    const good: { readonly record: TopicRecord; readonly landing: LandingRecord }[] = []
    let unreadable: BadRecord | undefined
    for (const record of records) {
      const read = readAsSink(sink.config, record)
      if ('stage' in read) unreadable = { ...read, record, committed: place.from }
      if (unreadable) break
      if ('landing' in read) good.push({ record, landing: read.landing })
    }
    const target = targetOf(sink.config, place.topic, undefined)
    const role = literalRole(sink.config)
    const refused =
      target &&
      (await firstRefused(
        database,
        good.map(({ landing }) => landing),
        { target, role },
      ))
    const record = refused && good[refused.index]?.record
    if (record) return { record, stage: 'TASK_PUT', cause: refused.reason, committed: place.from }
    if (unreadable) return unreadable
  }
  throw new TribError(
    'CONNECTOR_FAILED',
    `none of the ${looked} records that ${sink.name} is to read next is refused by itself: what it failed at is no matter of one record`,
    { hint: `npx trib describe connector ${named(sink.name)}` },
  )
}

type NamedOptions = Omit<FindOptions, 'at'> & { readonly place: PartitionPlace & { readonly offset: number } }

/** One that a person names; that it can be passed is theirs to say. */
export async function namedRecord({ place, ...options }: NamedOptions): Promise<BadRecord> {
  const { sink, context, signal } = options
  const { topic, partition, offset } = place
  const [at] = await placesOf({ ...options, at: place })
  const isToCome = at !== undefined && offset >= at.from
  const range = { topic, partition, from: offset, until: offset + 1 }
  const [record] = isToCome ? await readRecords(await context.kafka(), range, { signal }) : []
  if (!record)
    throw new TribError(
      'USAGE',
      `${sink.name} has no record ${topic}/${partition}@${offset} before it${at ? `: it goes on at ${at.from}` : ''}`,
      { hint: `npx trib get offsets ${named(sink.name)}` },
    )
  const read = readAsSink(sink.config, record)
  const { stage, cause } = 'stage' in read ? read : ({ stage: 'TASK_PUT', cause: 'skipped by name' } as const)
  return { record, stage, cause, committed: at?.from ?? offset }
}

interface Place extends PartitionPlace {
  readonly from: number
  readonly until: number
}

/** Where the sink goes on, the table that its trace names before the others. */
async function placesOf({ sink, connect, progress, at }: FindOptions): Promise<readonly Place[]> {
  const committed = new Map(
    (await connect.offsets(sink.name)).map(({ partition, offset }) => [
      `${partition['kafka_topic']}/${partition['kafka_partition']}`,
      Number(offset?.['kafka_offset'] ?? 0),
    ]),
  )
  const named = (sink.config['topics'] ?? '').split(',').map(name => name.trim())
  const topics = new Set([...named.filter(Boolean), ...(await connect.topics(sink.name))])
  const table = failedRow(sink.tasks.map(({ trace }) => trace ?? '').join('\n'))
    ?.table.split('.')
    .at(-1)
  const isNamed = (topic: string) => targetOf(sink.config, topic, undefined)?.table === table
  const places: Place[] = []
  for (const topic of [...topics].sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)))) {
    if (at && at.topic !== topic) continue
    for (const { partition, first, next } of await progress.ends(topic)) {
      if (at && at.partition !== partition) continue
      const from = Math.max(committed.get(`${topic}/${partition}`) ?? 0, Number(first))
      const until = Math.min(Number(next), from + batches * oftenAtOnce)
      if (from < until) places.push({ topic, partition, from, until })
    }
  }
  return places
}

type Unreadable = Pick<BadRecord, 'stage' | 'cause'>

/** undefined in `landing`: a record that changes nothing. */
export function readAsSink(
  config: ConnectorConfig,
  record: Pick<TopicRecord, 'key' | 'value'>,
): Unreadable | { readonly landing: LandingRecord } | { readonly isNothing: true } {
  const key = decodeRecord(record.key, { hasSchema: hasSchema(config, 'key') })
  if (key.kind === 'unreadable') return { stage: 'KEY_CONVERTER', cause: `of its key, ${key.reason}` }
  const value = decodeRecord(record.value, { hasSchema: hasSchema(config, 'value') })
  if (value.kind === 'unreadable') return { stage: 'VALUE_CONVERTER', cause: value.reason }
  if (key.kind === 'nothing') return { isNothing: true }
  return { landing: { key, value } }
}

export function literalRole(config: ConnectorConfig): string | undefined {
  const role = config['connection.username'] ?? config['connection.user']
  return role === undefined || role.includes('${') ? undefined : role
}
