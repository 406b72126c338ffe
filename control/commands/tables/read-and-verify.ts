import { type AskedRows, askForRows } from '../../backfill/asked-rows.ts'
import { awaitBackfill } from '../../backfill/await-backfill.ts'
import { awaitLanding } from '../../backfill/await-landing.ts'
import type { Connector } from '../../connect/connect-api.ts'
import type { SinkProgress } from '../../kafka/sink-progress.ts'
import { openSource } from '../../pipelines/open-source.ts'
import type { TableName } from '../../pipelines/pipeline.ts'
import { readsTopic, topicOf } from '../../pipelines/routing.ts'
import type { Shell } from '../../shell.ts'
import { planVerify } from '../../verify/plan-verify.ts'
import { runVerify } from '../../verify/run-verify.ts'
import type { VerifyReport } from '../../verify/verify-report.ts'
import type { ConnectSession } from '../connectors/open-connect.ts'
import { progressLine } from '../progress-line.ts'

interface ReadOptions extends Pick<ConnectSession, 'connect' | 'context'> {
  readonly source: Connector
  /** A topic after which the signal's is made, where there is none. */
  readonly model: string
  readonly progress: SinkProgress
  readonly connectors: readonly Connector[]
  /** Not waited for: it goes on by itself. */
  readonly isWaiting: boolean
}

/** Has the rows of tables read again, and waits with their progress until they have landed. */
export async function readRows(
  shell: Shell,
  wanted: readonly AskedRows[],
  options: ReadOptions,
): Promise<void> {
  const { source, context, connect, isWaiting, connectors, ...path } = options
  const { signal } = shell
  await using database = await openSource(context, source, { applicationName: 'trib backfill', signal })
  const asked = await askForRows({ ...path, source, database }, wanted)
  if (!isWaiting) return
  using line = progressLine(shell, { everyMs: 5_000 })
  await awaitBackfill(asked, { source, connect, database, signal, onProgress: line.show })
  const topics = wanted.map(({ table }) => topicOf(source.config, table))
  const sinks = connectors.filter(
    ({ type, config }) => type === 'sink' && topics.some(one => readsTopic(config, one)),
  )
  for (const sink of sinks) {
    const own = topics.filter(topic => readsTopic(sink.config, topic))
    await awaitLanding({ sink, topics: own, connect, progress: path.progress, signal, onProgress: line.show })
  }
}

interface VerifyOptions extends Pick<ConnectSession, 'connect' | 'context'> {
  readonly tables: readonly TableName[]
  readonly progress: SinkProgress
  readonly deadlineMs: number
  /** What differs is mended without another question. (Default: false) */
  readonly isRepairing?: boolean
}

/** Compares just these tables. */
export async function verifyTables(shell: Shell, options: VerifyOptions): Promise<VerifyReport> {
  const { connect, context, tables, progress, deadlineMs, isRepairing = false } = options
  const { signal } = shell
  using line = progressLine(shell)
  const all = await planVerify({ context, connectors: await connect.list(), signal })
  const tasks = all.filter(({ table }) => tables.some(one => table === `${one.schema}.${one.table}`))
  return await runVerify({
    ...{ tasks, connect, progress, signal, deadlineMs, onProgress: line.show },
    agree: isRepairing ? async () => {} : undefined,
  })
}
