import type { Connector } from '../connect/connect-api.ts'
import type { PartitionEnd } from '../kafka/sink-progress.ts'
import type { DeadLetter } from './dead-letters.ts'
import { decodeRecord, hasSchema } from './decode-record.ts'
import type { HeldLetter } from './replay-letters.ts'

/** What a record of the same key is known by: what its key holds, whatever its schema; else its very bytes. Pure. */
export function keyIdOf(key: Buffer | null, { config }: Pick<Connector, 'config'>): string | undefined {
  if (key === null) return undefined
  const decoded = decodeRecord(key, { hasSchema: hasSchema(config, 'key') })
  return decoded.kind === 'decoded' ? inOrder(decoded.payload) : `bytes ${key.toString('hex')}`
}

function inOrder(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return JSON.stringify(payload)
  return JSON.stringify(Object.entries(payload).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** A record that lies in a topic behind one that was put aside. */
export interface LaterRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly keyId: string
}

interface SortRawOptions {
  readonly sink: Pick<Connector, 'name' | 'config'>
  /** By topic; empty: it is not there any more. */
  readonly ends: ReadonlyMap<string, readonly PartitionEnd[]>
  /** Those of the letters' keys. */
  readonly later: readonly LaterRecord[]
}

/**
 * Which letters may be written again as they are: only where nothing newer of their key lies in the topic, as theirs
 * would overwrite it. Pure.
 */
export function sortRaw(
  letters: readonly DeadLetter[],
  { sink, ends, later }: SortRawOptions,
): { readonly free: readonly DeadLetter[]; readonly held: readonly HeldLetter[] } {
  const held = letters.flatMap(letter => {
    const reason = reasonAgainst(letter, { sink, ends, later })
    return reason === undefined ? [] : [{ letter, reason }]
  })
  return { free: letters.filter(letter => !held.some(one => one.letter === letter)), held }
}

function reasonAgainst(
  { topic, partition, offset, key }: DeadLetter,
  { sink, ends, later }: SortRawOptions,
): string | undefined {
  const keyId = keyIdOf(key, sink)
  if (keyId === undefined) return 'it has no key, so that nobody knows whether a later record is of its row'
  const end = ends.get(topic)?.find(one => one.partition === partition)
  if (!end) return `${topic} has no partition ${partition} any more`
  if (offset < 0) return 'it does not say where it lay'
  if (Number(end.first) > offset + 1)
    return `${topic} begins at ${end.first} by now: a later record of its key may have been deleted`
  const newer = later.findLast(
    one => one.topic === topic && one.partition === partition && one.offset > offset && one.keyId === keyId,
  )
  if (newer) return `a later record of its key lies at ${newer.offset}, which it would overwrite`
  return undefined
}
