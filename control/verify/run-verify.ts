import type { ConnectClient } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import { exitCodes } from '../errors/error-codes.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { readKnownTables } from '../schema/known-tables.ts'
import { awaitArrival } from './await-arrival.ts'
import { explainBeats, isOwnLog } from './explain-beats.ts'
import type { CompareTask, VerifyTask } from './plan-verify.ts'
import { openPostgresStore } from './postgres-store.ts'
import { unreadableRows } from './readable-key.ts'
import { repairTable, stillDifferent } from './repair-table.ts'
import { type Findings, settle } from './settle.ts'
import { signalTableOf } from './signal-table.ts'
import { type Key, keyOf, keyText, type Store } from './store.ts'
import { printedKey, printedText, type TableReport, type VerifyReport } from './verify-report.ts'
import {
  type Compared,
  type Incomparable,
  refusedBy,
  type TableOutcome,
  verifyTable,
} from './verify-table.ts'

export interface RunOptions {
  readonly tasks: readonly VerifyTask[]
  readonly connect: Pick<ConnectClient, 'status' | 'offsets'>
  readonly progress: SinkProgress
  /** For each wait, and for beginning another round. */
  readonly deadlineMs: number
  readonly sampleShare?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (text: string) => void
  /** Says what would be done, and rejects where nobody agrees; undefined: nothing is repaired. */
  readonly agree?: ((what: string) => Promise<void>) | undefined
}

/** Tables compared at the same time: each holds a session on both sides. */
const tablesAtOnce = 4

interface Looked {
  readonly task: VerifyTask
  readonly outcome: TableOutcome
  readonly seconds: number
  readonly repaired: number
}

/** Compares every table, repairs what it may, and looks again. */
export async function runVerify(options: RunOptions): Promise<VerifyReport> {
  const startedAt = performance.now()
  const { tasks, agree, sampleShare } = options
  let looked: readonly Looked[] = await inTurn(tasks, task => look(task, options))
  if (agree) looked = looked.map(refuseUnreadable)
  const broken = looked.filter(isBroken)
  const explanations = broken.flatMap(({ task, outcome }) =>
    isOwnLog(task) ? (explainBeats(task, outcome.findings) ?? []) : [],
  )
  const mendable = broken.filter(({ outcome }) => !outcome.failure)
  if (agree && mendable.length > 0) {
    await agree(describeRepair(mendable))
    const mended = await repairAll(broken, mendable, options)
    looked = looked.map(one => mended.get(one) ?? one)
  }
  const tables = looked.filter(one => tasks.length === 1 || isWorthTelling(one)).map(toReport)
  return {
    equal: tables.every(({ equal }) => equal),
    sampled: sampleShare !== undefined,
    seconds: secondsSince(startedAt),
    explanations,
    tables,
  }
}

/** Our own logs are there to explain: where they are equal they are no news. */
function isWorthTelling({ task, outcome, repaired }: Looked): boolean {
  if (task.kind !== 'compare' || !isOwnLog(task) || outcome.kind !== 'compared') return true
  const { missing, extra, different, unsettled } = outcome.findings
  return repaired + missing.length + extra.size + different.length + unsettled.length > 0
}

async function look(task: VerifyTask, options: RunOptions): Promise<Looked> {
  const startedAt = performance.now()
  const outcome = await compare(task, options).catch(refusedBy)
  return { task, outcome, seconds: secondsSince(startedAt), repaired: 0 }
}

async function compare(task: VerifyTask, options: RunOptions): Promise<TableOutcome> {
  if (task.kind === 'refused') return task
  return withStores(task, options, async (source, target) =>
    verifyTable(
      { ...task.tables, dropped: await droppedColumns(task, target.database) },
      {
        ...options,
        ...{ source, target },
        onProgress: text => options.onProgress?.(`${task.table}: ${text}`),
        awaitArrival: () => awaitArrival({ ...options, ...task.path, database: source.database }),
      },
    ),
  )
}

/** What the follower knows of columns that the source had once. */
async function droppedColumns({ sourceConnector, tables }: CompareTask, warehouse: Database) {
  const { schema, table } = tables.source
  const known = (await readKnownTables(warehouse)).find(
    one => one.source === sourceConnector.name && one.table.schema === schema && one.table.table === table,
  )
  return (known?.columns ?? [])
    .filter(({ isGone }) => isGone)
    .map(({ name }) => (tables.isFolded ? name.toLowerCase() : name))
}

type OpenStore = Store & { readonly database: Database }

async function withStores<T>(
  { source, target }: CompareTask,
  { signal }: RunOptions,
  work: (source: OpenStore, target: OpenStore) => Promise<T>,
): Promise<T> {
  await using there = await openPostgresStore(source.address, { signal })
  await using here = await openPostgresStore(target.address, { signal })
  return await work(there, here)
}

type Broken = Looked & { readonly task: CompareTask; readonly outcome: Compared }

function isBroken(one: Looked): one is Broken {
  const { task, outcome } = one
  if (task.kind !== 'compare' || outcome.kind !== 'compared') return false
  const { missing, extra, different } = outcome.findings
  return missing.length + extra.size + different.length > 0
}

/** Before anything is asked for: the connector would only write a line into its log. */
function refuseUnreadable(one: Looked): Looked {
  if (!isBroken(one)) return one
  const { missing, different } = one.outcome.findings
  const sentence = missing.length + different.length > 0 ? unreadableRows(one.outcome.shape) : undefined
  if (sentence === undefined) return one
  const hint = `an update of such a row in the source is carried: update ${one.outcome.shape.name} set … where …`
  return { ...one, outcome: { ...one.outcome, failure: { kind: 'refused', sentence, hint } } }
}

function describeRepair(broken: readonly Broken[]): string {
  return broken
    .map(({ task, outcome }) => {
      const { missing, extra, different } = outcome.findings
      const again = missing.length + different.length
      if (again > 0) signalTableOf(task.sourceConnector)
      const parts = [
        ...(again > 0 ? [`${task.path.source} reads ${again} rows of ${task.table} again`] : []),
        ...(extra.size > 0
          ? [`${extra.size} rows of ${task.table} that the source lacks are deleted in the warehouse`]
          : []),
      ]
      return parts.join(', and ')
    })
    .join('; ')
}

/**
 * One after the other: a source reads one snapshot at a time. Its log last, and only when all else is mended: as long
 * as that differs, what was lost with it is not forgotten.
 */
async function repairAll(
  broken: readonly Broken[],
  mendable: readonly Broken[],
  options: RunOptions,
): Promise<ReadonlyMap<Looked, Looked>> {
  const mended = new Map<Looked, Looked>()
  for (const one of mendable.filter(({ task }) => !isOwnLog(task)))
    mended.set(one, await repair(one, options))
  const left = broken.filter(one => !isOwnLog(one.task) && isBroken(mended.get(one) ?? one))
  for (const log of mendable.filter(({ task }) => isOwnLog(task))) {
    const isNeeded = left.some(({ task }) => task.path.source === log.task.path.source)
    if (!isNeeded) mended.set(log, await repair(log, options))
  }
  return mended
}

async function repair(one: Broken, options: RunOptions): Promise<Looked> {
  const startedAt = performance.now()
  const { task, outcome } = one
  const { missing, extra, different } = outcome.findings
  const wrong = missing.length + extra.size + different.length
  const mended = await withStores(task, options, (source, target) =>
    repairAndLook(one, { source, target, ...options }),
  ).catch(error => ({ ...outcome, failure: refusedBy(error) }))
  const left = mended.findings
  const repaired = wrong - left.missing.length - left.extra.size - left.different.length
  return { task, outcome: mended, seconds: one.seconds + secondsSince(startedAt), repaired }
}

interface RepairOptions extends RunOptions {
  readonly source: OpenStore
  readonly target: OpenStore
}

async function repairAndLook(
  { task, outcome }: Broken,
  { source, target, ...options }: RepairOptions,
): Promise<Compared> {
  const { missing, extra, different, unsettled } = outcome.findings
  const keys = [...missing, ...different, ...[...extra.keys()].map(keyOf)]
  const sides = { source: source.reader(outcome.plans.source), target: target.reader(outcome.plans.target) }
  const onProgress = (text: string) => options.onProgress?.(`${task.table}: ${text}`)
  const { database } = source
  try {
    await repairTable({ ...options, task, onProgress, outcome: { ...outcome, sides }, database })
  } catch (error) {
    // What was mended before it failed is not wrong any more; the rest still is, and is named beside the reason.
    const failure = refusedBy(error)
    const left = new Set((await stillDifferent(keys, sides)).map(keyText))
    return { ...outcome, failure, findings: onlyThese(outcome.findings, left) }
  }
  const findings = await settle(keys, {
    ...{ ...options, ...sides, onProgress },
    awaitArrival: () => awaitArrival({ ...options, ...task.path, database }),
  })
  return { ...outcome, findings: { ...findings, unsettled: [...findings.unsettled, ...unsettled] } }
}

function onlyThese(findings: Findings, left: ReadonlySet<string>): Findings {
  const isLeft = (key: Key) => left.has(keyText(key))
  return {
    ...findings,
    missing: findings.missing.filter(isLeft),
    extra: new Map([...findings.extra].filter(([text]) => left.has(text))),
    different: findings.different.filter(isLeft),
  }
}

function toReport({ task, outcome, seconds, repaired }: Looked): TableReport {
  const empty = { rows: 0, missing: [], extra: [], different: [], unsettled: [] }
  const noColumns = { missingColumns: [], extraColumns: [], leftOutColumns: [], droppedColumns: [] }
  const about = { table: task.table, pipeline: task.pipeline }
  if (outcome.kind !== 'compared') {
    const exit = outcome.kind === 'one-sided' ? exitCodes.dataDiffers : exitCodes.failed
    return { ...about, equal: false, ...empty, ...noColumns, repaired, seconds, ...said(outcome), exit }
  }
  const { findings, missingColumns, extraColumns, leftOut, droppedColumns, rows } = outcome
  const differs =
    missingColumns.length + extraColumns.length > 0 || isBroken({ task, outcome, seconds, repaired })
  const problem = problemOf(outcome)
  const exit = problem ? exitCodes.failed : differs ? exitCodes.dataDiffers : exitCodes.ok
  return {
    ...about,
    equal: exit === exitCodes.ok,
    rows,
    missing: findings.missing.map(printedKey),
    extra: [...findings.extra.keys()].map(printedText),
    different: findings.different.map(printedKey),
    unsettled: findings.unsettled.map(printedKey),
    ...{ missingColumns, extraColumns, leftOutColumns: leftOut, droppedColumns, repaired, seconds },
    ...(problem ? said(problem) : {}),
    exit,
  }
}

/** Why not everything about the table is known. */
function problemOf({ findings, isCutShort, failure }: Compared): Incomparable | undefined {
  if (failure) return failure
  if (findings.problem) return refusedBy(findings.problem)
  if (findings.unsettled.length > 0) {
    return {
      kind: 'refused',
      sentence: `${findings.unsettled.length} rows were written so often that they were never found at rest`,
      hint: 'npx trib verify',
    }
  }
  if (!isCutShort) return undefined
  const sentence = 'more than 100,000 rows differ; the rest of the table was not looked at'
  return { kind: 'refused', sentence, hint: 'npx trib verify --repair, and again' }
}

function said({ sentence, hint }: Pick<Incomparable, 'sentence' | 'hint'>) {
  return { error: sentence, ...(hint === undefined ? {} : { hint }) }
}

const secondsSince = (startedAt: number) => Math.round(performance.now() - startedAt) / 1000

/** Some at a time, in their order. */
async function inTurn<T, R>(things: readonly T[], work: (thing: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < things.length; index = next++) {
      const thing = things[index]
      if (thing !== undefined) results[index] = await work(thing)
    }
  }
  await Promise.all(Array.from({ length: Math.min(tablesAtOnce, things.length) }, worker))
  return results
}
