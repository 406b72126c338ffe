import { randomUUID } from 'node:crypto'
import type { ConnectClient } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { waitFor } from '../system/retry.ts'
import { findStandstill } from '../verify/find-standstill.ts'
import { findSignalTable } from '../verify/signal-table.ts'
import { collectionPattern } from './collection-pattern.ts'
import { type OpenSnapshot, readSnapshots } from './read-snapshots.ts'
import { type SignalPath, sendSignal } from './signal.ts'

export type Verb = 'pause' | 'resume' | 'stop'

interface SteerOptions extends SignalPath {
  readonly verb: Verb
  readonly connect: Pick<ConnectClient, 'offsets' | 'status'>
  readonly signal?: AbortSignal | undefined
}

/**
 * Pauses, resumes or stops what a source reads again; gives what that is about. The row of a pause stays until it is
 * resumed, and that of a stop until the next one, so that those who wait for the rows see it.
 */
export async function steerBackfill(options: SteerOptions): Promise<readonly OpenSnapshot[]> {
  const { verb, source, connect, database } = options
  const standstill = findStandstill(source.name, await connect.status(source.name))
  if (standstill) throw standstill
  const { open } = readSnapshots(await connect.offsets(source.name))
  if (open.length === 0) {
    throw new TribError('USAGE', `${source.name} is reading no rows again; nothing was changed`, {
      hint: 'npx trib backfill --help',
    })
  }
  const { name } = await findSignalTable(source, database)
  const forget = `delete from ${name} where type in ('pause-snapshot', 'stop-snapshot') and id like 'trib-%'`
  await database.query(forget)
  const collections = open.flatMap(({ collection }) => patternOf(collection))
  await sendSignal(options, {
    id: `trib-${verb}-${randomUUID().slice(0, 8)}`,
    type: `${verb}-snapshot`,
    data: { type: 'incremental', ...(verb === 'stop' ? { 'data-collections': collections } : {}) },
    isKept: verb !== 'resume',
  })
  if (verb === 'stop') await untilForgotten(open, options)
  return open
}

/** The connector stores what it reads some seconds later; before that a second word would go nowhere. */
async function untilForgotten(
  stopped: readonly OpenSnapshot[],
  { source, connect, signal }: SteerOptions,
): Promise<void> {
  await waitFor(
    async () => {
      const { open } = readSnapshots(await connect.offsets(source.name))
      const left = open.filter(({ id }) => stopped.some(one => one.id === id))
      return left.length === 0
        ? { done: true }
        : { pending: left.map(({ collection }) => collection).join(', ') }
    },
    {
      what: `${source.name} to stop reading rows again`,
      ...{ deadlineMs: 60_000, intervalMs: 500, signal },
      hint: `npx trib describe connector ${named(source.name)}`,
    },
  )
}

/** As it stands in the offset: `public.Orders`, or with quotes. */
function patternOf(collection: string): readonly string[] {
  if (collection.includes('"')) return [collection]
  const [, schema, table] = /^([^.]+)\.(.+)$/.exec(collection) ?? []
  return schema && table ? [collectionPattern({ schema, table })] : []
}
