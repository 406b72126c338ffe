import { randomUUID } from 'node:crypto'
import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { openDatabase } from '../database/connect.ts'
import { applyFixes, executableFixes } from '../doctor/apply-fixes.ts'
import { type Finding, type Fix, fixText } from '../doctor/finding.ts'
import { type Diagnosis, type DoctorContext, runDoctor } from '../doctor/run-doctor.ts'
import { TribError } from '../errors/trib-error.ts'
import type { SinkProgress } from '../kafka/sink-progress.ts'
import { locateSource } from '../pipelines/locate-databases.ts'
import { untilSettled } from '../plan/until-settled.ts'
import { readTableAgain } from '../verify/read-table-again.ts'
import type { NewTablesPlan } from './plan-new-tables.ts'

interface AddTablesOptions {
  readonly plan: NewTablesPlan
  readonly connectors: readonly Connector[]
  readonly context: DoctorContext
  readonly connect: ConnectClient
  /** Not ended by ^C: what was stopped is brought back. */
  readonly afterwards: Pick<ConnectClient, 'resume'>
  readonly progress: Pick<SinkProgress, 'createLike'>
  readonly signal: AbortSignal
  /** Says what would be run, and rejects where nobody agrees. */
  readonly agree: (statements: readonly string[]) => Promise<void>
  readonly onStep: (text: string) => void
}

/** What one statement mends may bring to light what was hidden behind it. */
const rounds = 3

/**
 * The order keeps the other tables flowing: whatever could stop a connector (topic, publication, rights, landing
 * table) is there before the connector hears of the table; the sink listens before the source speaks.
 */
export async function addTables(options: AddTablesOptions): Promise<void> {
  const { plan, connect, context, progress, signal, onStep } = options
  await prepareDatabases(options)
  for (const topic of plan.topics) await progress.createLike(topic, plan.model)
  onStep(`${plan.topics.join(', ')}: there`)
  for (const [{ name }, patch] of [
    [plan.sink, plan.sinkPatch],
    [plan.source, plan.sourcePatch],
  ] as const) {
    if (Object.keys(patch).length === 0) continue
    await (name === plan.source.name ? patchAtRest(options, patch) : connect.patchConfig(name, patch))
    const wanted = new Map([[name, undefined]])
    const [failure] = await untilSettled({
      connect,
      wanted,
      deadlineMs: 60_000,
      signal,
      onProgress: () => {},
    })
    if (failure) throw failure
    onStep(`${name} knows of it`)
  }
  const { address } = await locateSource(context, plan.source)
  await using database = await openDatabase({ ...address, applicationName: 'trib add table', signal })
  for (const table of plan.tables) {
    await readTableAgain({
      ...{ database, sourceConnector: plan.source, table, progress, model: plan.model },
      id: `trib-add-${randomUUID().slice(0, 8)}`,
    })
  }
  onStep('the rows that it has are on their way')
}

/**
 * The task that ran before goes first: it would still look RUNNING, read the signal for the new table with the old
 * list, and throw both away. What was stopped or paused stays so.
 */
async function patchAtRest(
  { plan: { source }, connect, afterwards }: AddTablesOptions,
  patch: Readonly<Record<string, string>>,
): Promise<void> {
  if (source.state !== 'RUNNING') return connect.patchConfig(source.name, patch)
  try {
    await connect.stop(source.name)
    await connect.patchConfig(source.name, patch)
  } finally {
    await afterwards.resume(source.name)
  }
}

/** The doctor looks at the connectors as they will be; what it can mend of this table is mended. */
async function prepareDatabases(options: AddTablesOptions): Promise<void> {
  const { agree, signal, onStep } = options
  for (let round = 0; ; round += 1) {
    const diagnosis = await look(options)
    const findings = diagnosis.findings.filter(finding => isOf(finding, options.plan))
    const fixes = executableFixes(findings)
    // Before anything is run: what cannot be mended would only be known to half of the parts.
    refuse(round === rounds ? findings : findings.filter(({ fix }) => !isExecutable(fix)), options.plan)
    if (fixes.length === 0) return
    await agree(
      fixes.flatMap(({ database, statements }) => statements.map(statement => `${database}: ${statement}`)),
    )
    const [failure] = await applyFixes(fixes, {
      ...{ databases: diagnosis.databases, signal },
      onStatement: (database, statement) => onStep(`${database}: ${statement}`),
    })
    if (failure) throw failure
  }
}

async function look({ plan, connectors, context, connect, signal }: AddTablesOptions): Promise<Diagnosis> {
  const patches = new Map([
    [plan.source.name, plan.sourcePatch],
    [plan.sink.name, plan.sinkPatch],
  ])
  const all = connectors.map(one => ({
    ...one,
    config: { ...one.config, ...patches.get(one.name) },
    isDeployed: true,
  }))
  const looked = all.filter(({ name }) => patches.has(name))
  return runDoctor({ connectors: looked, all, context, connect, kinds: ['source', 'sink'], signal })
}

const isExecutable = (fix: Fix) => fix.kind === 'sql' && fix.byHand === undefined

function isOf({ object, message }: Finding, { tables }: NewTablesPlan): boolean {
  return tables.some(
    ({ schema, table }) => object.endsWith(`.${table}`) || message.includes(`${schema}.${table}`),
  )
}

function refuse(findings: readonly Finding[], { source }: NewTablesPlan): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  const sentences = errors.map(({ check, object, message }) => `${object}: ${message} (${check})`)
  const [fix] = errors.flatMap(one => fixText(one.fix) ?? (one.fix.kind === 'none' ? one.fix.reason : []))
  throw new TribError('CONFIG_INVALID', sentences.join('\n'), {
    hint: `no connector was changed, and ${source.name} goes on; first: ${fix ?? 'npx trib doctor'}`,
  })
}
