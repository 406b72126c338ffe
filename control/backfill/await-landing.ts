import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { consumerGroupOf } from '../connect/consumer-group.ts'
import { TribError } from '../errors/trib-error.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { named } from '../output/shell-words.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { findStandstill } from '../verify/find-standstill.ts'

interface LandingOptions {
  readonly sink: Connector
  readonly topics: readonly string[]
  readonly connect: Pick<ConnectClient, 'status'>
  readonly progress: Pick<SinkProgress, 'ends' | 'committed'>
  /** Without another record. (Default: 90,000 ms) */
  readonly patienceMs?: number
  readonly clock?: Clock
  readonly signal?: AbortSignal | undefined
  readonly onProgress: (text: string) => void
}

const lookEveryMs = 1_000

/** Resolves when what is in the topics at the call has landed: however many records, as long as they move. */
export async function awaitLanding(options: LandingOptions): Promise<void> {
  const { sink, topics, connect, progress, signal, onProgress } = options
  const { patienceMs = 90_000, clock = systemClock } = options
  const group = consumerGroupOf(sink)
  const ends = await Promise.all(topics.map(async topic => ({ topic, ends: await progress.ends(topic) })))
  const first = { left: await countLeft(ends, { progress, group }), atMs: clock.now() }
  for (let last = first; ; ) {
    const left = await countLeft(ends, { progress, group })
    if (left === 0) return
    const perSecond = ((first.left - left) / (clock.now() - first.atMs)) * 1000
    onProgress(leftText(left, perSecond))
    if (left !== last.left) last = { left, atMs: clock.now() }
    const standstill = findStandstill(sink.name, await connect.status(sink.name))
    if (standstill) throw standstill
    if (clock.now() - last.atMs > patienceMs) {
      const sentence = `${sink.name} has read nothing for 90 s; ${left.toLocaleString('en')} records have still to land`
      const hint = `npx trib describe connector ${named(sink.name)}`
      throw new TribError('DEADLINE_EXCEEDED', sentence, { hint })
    }
    await clock.wait(lookEveryMs, signal)
  }
}

type Ends = readonly { readonly topic: string; readonly ends: Awaited<ReturnType<SinkProgress['ends']>> }[]

async function countLeft(
  topics: Ends,
  { progress, group }: Pick<LandingOptions, 'progress'> & { readonly group: string },
): Promise<number> {
  let left = 0n
  for (const { topic, ends } of topics) {
    const committed = await progress.committed(group, topic)
    for (const { partition, first, next } of ends) {
      const behind = next - (committed.get(partition) ?? first)
      left += behind > 0n ? behind : 0n
    }
  }
  return Number(left)
}

function leftText(left: number, perSecond: number): string {
  const rate =
    perSecond > 0 ? `, ${format(perSecond)} a second, ${format(Math.ceil(left / perSecond))} s left` : ''
  return `${format(left)} records on their way to the warehouse${rate}`
}

const format = (number: number) => Math.round(number).toLocaleString('en')
