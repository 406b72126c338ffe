import type { Connector, ConnectorOffset } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'

/** Where a partition is to be read from next. */
export type Move =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'shift'; readonly by: number }
  | { readonly kind: 'set'; readonly offsets: readonly ConnectorOffset[] }

export interface OffsetChange {
  readonly partition: ConnectorOffset['partition']
  readonly from: ConnectorOffset['offset']
  /** null: none, so that the connector begins anew. */
  readonly to: ConnectorOffset['offset']
}

/** The first and the next offset of a topic's partition: what can be read, and where the next record goes. */
export interface TopicRange {
  readonly first: number
  readonly next: number
}

export type RangeOf = (topic: string, partition: number) => TopicRange | undefined

interface PlanOffsetsOptions {
  readonly connector: Pick<Connector, 'name' | 'type'>
  readonly current: readonly ConnectorOffset[]
  readonly move: Move
  /** Only what is asked for: a move to the end, and one that must not leave the topic. */
  readonly rangeOf: RangeOf
  /** Only this topic's partitions. (Default: all) */
  readonly topic: string | undefined
}

/** What a move means for each partition; only what differs. */
export function planOffsets(options: PlanOffsetsOptions): readonly OffsetChange[] {
  const { connector, current, move, topic } = options
  if (move.kind === 'latest' || move.kind === 'shift') {
    if (connector.type !== 'sink') throw sourceCannot(connector.name)
    if (current.length === 0) throw nothingToMove(connector.name)
  }
  const chosen = topic === undefined ? current : current.filter(one => sinkPartition(one)?.topic === topic)
  if (topic !== undefined && chosen.length === 0) throw noSuchTopic(connector.name, topic, current)
  const moved =
    move.kind === 'set'
      ? move.offsets.map(one => toChange(one, current))
      : chosen.map(one => ({
          partition: one.partition,
          from: one.offset,
          to: moveOne(one, options),
        }))
  return moved.filter(({ from, to }) => !isEqual(from, to))
}

function toChange({ partition, offset }: ConnectorOffset, current: readonly ConnectorOffset[]): OffsetChange {
  const before = current.find(one => isEqual(one.partition, partition))
  return { partition, from: before?.offset ?? null, to: offset }
}

function moveOne(
  one: ConnectorOffset,
  { connector, move, rangeOf }: PlanOffsetsOptions,
): ConnectorOffset['offset'] {
  // Without an offset a sink reads from the earliest record that the topic has, and a source begins anew.
  if (move.kind === 'earliest' || move.kind === 'set') return null
  const at = sinkPartition(one)
  if (!at) throw sourceCannot(connector.name)
  const range = rangeOf(at.topic, at.partition)
  if (move.kind === 'latest') return range ? { kafka_offset: range.next } : one.offset
  const wanted = at.offset + move.by
  return { kafka_offset: Math.min(range?.next ?? Infinity, Math.max(range?.first ?? 0, wanted)) }
}

interface SinkPartition {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export function sinkPartition({ partition, offset }: ConnectorOffset): SinkPartition | undefined {
  const topic = partition['kafka_topic']
  const id = partition['kafka_partition']
  if (typeof topic !== 'string' || id === undefined) return undefined
  return { topic, partition: Number(id), offset: Number(offset?.['kafka_offset'] ?? 0) }
}

/** How a reader calls a partition: `topic/0`, or a source's own words. */
export function describePartition(partition: ConnectorOffset['partition']): string {
  const at = sinkPartition({ partition, offset: null })
  return at ? `${at.topic}/${at.partition}` : JSON.stringify(partition)
}

export function describeOffset(offset: ConnectorOffset['offset']): string {
  if (offset === null) return 'none'
  const plain = offset['kafka_offset']
  return plain === undefined ? JSON.stringify(offset) : String(plain)
}

function sourceCannot(name: string): TribError {
  return new TribError(
    'USAGE',
    `${name} is a source: only its plugin knows what its offsets mean, so that they can be begun anew or set, not moved`,
    {
      hint: `npx trib get offsets ${named(name, '-o json')} > offsets.json; then npx trib patch offsets ${named(name, '-f offsets.json')}`,
    },
  )
}

/** Without offsets it reads from the beginning: to say that it is at the end already would be wrong. */
function nothingToMove(name: string): TribError {
  return new TribError('USAGE', `${name} has no offsets yet: there is nothing to move`, {
    hint: `npx trib get offsets ${named(name)}`,
  })
}

function noSuchTopic(name: string, topic: string, current: readonly ConnectorOffset[]): TribError {
  const topics = [...new Set(current.flatMap(one => sinkPartition(one)?.topic ?? []))]
  return new TribError('USAGE', `${name} has no offset for the topic '${topic}'`, {
    hint: topics.length > 0 ? `topics: ${topics.join(', ')}` : `npx trib get offsets ${named(name)}`,
  })
}

/** By value; Connect gives the keys of a partition in any order. */
function isEqual(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
