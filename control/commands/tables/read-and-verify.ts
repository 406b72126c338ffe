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
import type { TableReport, VerifyReport } from '../../verify/verify-report.ts'
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

/**
 * A commit that nobody sees yet while its row is read has passed already, and its older row lands behind it. Such a row
 * is read once more; what the warehouse has beyond the source is never deleted without a question.
 */
export async function verifyNewTables(
  shell: Shell,
  options: Omit<VerifyOptions, 'isRepairing'>,
): Promise<VerifyReport> {
  const report = await verifyTables(shell, options)
  const late = report.tables.filter(isOnlyLate)
  if (late.length === 0) return report
  for (const { table, missing, different } of late) {
    const rows = missing.length + different.length
    shell.writeErr(
      `${table}: ${rows} ${rows === 1 ? 'row was written while being read, and is' : 'rows were written while being read, and are'} read once more\n`,
    )
  }
  const names = new Set(late.map(({ table }) => table))
  const tables = options.tables.filter(({ schema, table }) => names.has(`${schema}.${table}`))
  const again = await verifyTables(shell, { ...options, tables, isRepairing: true })
  const byName = new Map(again.tables.map(one => [one.table, one]))
  const all = report.tables.map(one => byName.get(one.table) ?? one)
  return { ...report, tables: all, equal: all.every(({ equal }) => equal) }
}

const isOnlyLate = ({ error, missing, different, extra }: TableReport) =>
  error === undefined && extra.length === 0 && missing.length + different.length > 0
