import type { ConnectClient, Connector, ConnectorConfig, ConnectorOffset } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import type { BadRecord } from './find-bad-record.ts'

interface SkipOptions {
  readonly sink: Connector
  readonly connect: ConnectClient
  /** The same cluster, not ended by ^C: the sink gets back its config and its state. */
  readonly afterwards: ConnectClient
  /** For what lies before the record to land, one by one. (Default: 180,000 ms) */
  readonly deadlineMs?: number
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (text: string) => void
}

/** With one record in each batch only the bad one fails, and all before it land and are confirmed. */
const oneByOne = { 'consumer.override.max.poll.records': '1' } as const

/** Moves the sink behind this one record and not a single other: what comes before it in its partition lands first. */
export async function skipRecord(bad: BadRecord, options: SkipOptions): Promise<void> {
  const { sink, connect, afterwards } = options
  const isBehind = bad.record.offset > bad.committed
  try {
    await connect.stop(sink.name)
    if (isBehind) await landWhatComesBefore(bad, options)
    await connect.alterOffsets(sink.name, [behind(bad)])
  } finally {
    if (isBehind) await giveBack(sink.config, options)
    if (sink.state === 'PAUSED') await afterwards.pause(sink.name)
    else if (sink.state !== 'STOPPED') await afterwards.resume(sink.name)
  }
}

const behind = ({ record: { topic, partition, offset } }: BadRecord): ConnectorOffset => ({
  partition: { kafka_topic: topic, kafka_partition: partition },
  offset: { kafka_offset: offset + 1 },
})

async function giveBack(config: ConnectorConfig, { sink, afterwards }: SkipOptions): Promise<void> {
  await afterwards.stop(sink.name)
  await afterwards.putConfig(sink.name, config)
}

async function landWhatComesBefore(bad: BadRecord, options: SkipOptions): Promise<void> {
  const { sink, connect, deadlineMs = 180_000, clock = systemClock, signal, onProgress = () => {} } = options
  const { topic, partition, offset } = bad.record
  await connect.putConfig(sink.name, { ...sink.config, ...oneByOne })
  await connect.resume(sink.name)
  const place = `${topic}/${partition}`
  const look = async (): Promise<Outlook<true>> => {
    const status = await connect.status(sink.name)
    const failed = status?.tasks.find(({ state }) => state === 'FAILED')
    const at = await committedOf(bad, options)
    onProgress(`${offset - at} records before it`)
    if (at > offset) throw landed(sink.name, `${place} at ${offset}`)
    if (failed && at === offset) return { done: true }
    if (failed) throw failsElsewhere(sink.name, { place, at, offset, trace: failed.trace })
    return { pending: `${place} at ${at}` }
  }
  await waitFor(look, {
    what: `${sink.name} to land what comes before ${place} at ${offset}`,
    ...{ deadlineMs, clock, signal, intervalMs: 300, hint: `npx trib skip ${named(sink.name)}` },
  })
  await connect.stop(sink.name)
}

async function committedOf({ record }: BadRecord, { sink, connect }: SkipOptions): Promise<number> {
  const found = (await connect.offsets(sink.name)).find(
    ({ partition }) =>
      partition['kafka_topic'] === record.topic && Number(partition['kafka_partition']) === record.partition,
  )
  return Number(found?.offset?.['kafka_offset'] ?? 0)
}

const landed = (sink: string, place: string) =>
  new TribError('CONNECTOR_FAILED', `${place} has landed after all; nothing was skipped`, {
    hint: `npx trib restart ${named(sink)}`,
  })

interface Elsewhere {
  readonly place: string
  readonly at: number
  readonly offset: number
  readonly trace: string | undefined
}

const failsElsewhere = (sink: string, { place, at, offset, trace }: Elsewhere) =>
  new TribError(
    'CONNECTOR_FAILED',
    `${sink} failed before it came to ${place} at ${offset} (it is at ${at}); nothing was skipped: ${trace?.split('\n')[0] ?? ''}`,
    { hint: `npx trib skip ${named(sink)}` },
  )
