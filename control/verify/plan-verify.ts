import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { openDatabase } from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { capturedTables, namedTables } from '../pipelines/captured-tables.ts'
import { type LocatedDatabase, locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import { isOwnTable } from '../pipelines/own-tables.ts'
import type { Pipeline, PipelineTable, TableName } from '../pipelines/pipeline.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { kindOf } from '../plan/connector-kind.ts'
import { type ChangePath, changePathOf } from './await-arrival.ts'
import { findTarget, isFolded } from './find-target.ts'
import { leftOutColumns } from './left-out-columns.ts'
import type { ComparedTables } from './verify-table.ts'

/** One table to compare, or why it cannot be. */
export type VerifyTask = CompareTask | RefusedTask

export interface CompareTask extends TaskName {
  readonly kind: 'compare'
  readonly source: LocatedDatabase
  readonly target: LocatedDatabase
  readonly tables: ComparedTables
  readonly path: ChangePath
  readonly sourceConnector: Connector
}

export interface RefusedTask extends TaskName {
  readonly kind: 'refused'
  readonly sentence: string
  readonly hint: string | undefined
}

interface TaskName {
  readonly pipeline: string
  /** As the source calls it: `public.CommunityUsers`. */
  readonly table: string
}

interface PlanOptions {
  readonly context: OpenContext
  readonly connectors: readonly Connector[]
  /** (Default: all) */
  readonly pipeline?: string | undefined
  /** `SCHEMA.TABLE` or `TABLE`. (Default: all) */
  readonly table?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The tables of the deployed pipelines, those of Tributary itself left out, each with its two databases. */
export async function planVerify(options: PlanOptions): Promise<readonly VerifyTask[]> {
  const { context, connectors } = options
  const sources = await Promise.all(
    connectors
      .filter(one => kindOf(one.config, one.type).debezium === 'postgres')
      .map(async source => [source.name, await openSource(source, options)] as const),
  )
  const byName = new Map(sources)
  const pipelines = readPipelines({ connectors, tablesOf: ({ name }) => byName.get(name)?.tables })
  const chosen = choosePipelines(pipelines, options.pipeline)
  const tasks = await Promise.all(
    chosen.map(pipeline => tasksOf(pipeline, { ...options, found: byName.get(pipeline.source?.name ?? '') })),
  )
  const all = refuseShared(tasks.flat())
  const wanted =
    options.table === undefined ? all : all.filter(task => isCalled(task.table, options.table ?? ''))
  if (wanted.length > 0) return wanted
  const tables = all.map(({ table }) => table)
  throw new TribError(
    'USAGE',
    options.table === undefined
      ? `the context '${context.name}' has no pipeline with a table to compare`
      : `no pipeline has a table '${options.table}'`,
    { hint: tables.length > 0 ? `tables: ${tables.join(', ')}` : 'npx trib get connectors' },
  )
}

interface FoundSource {
  readonly located?: LocatedDatabase
  readonly tables: readonly TableName[]
  readonly problem?: TribError
}

const tablesQuery = `
select n.nspname as schema, c.relname as table
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'
order by 1, 2`

/** A source that cannot be asked still has the tables that its config names. */
async function openSource(source: Connector, { context, signal }: PlanOptions): Promise<FoundSource> {
  try {
    const located = await locateSource(context, source)
    await using database = await openDatabase({
      ...located.address,
      applicationName: 'trib verify',
      signal,
    })
    const { rows } = await database.query<{ schema: string; table: string }>(tablesQuery)
    const present = capturedTables(source.config, rows)
    // One that is named, but gone: its rows may still be in the warehouse.
    const gone = namedTables(source.config).filter(
      named => !present.some(({ schema, table }) => schema === named.schema && table === named.table),
    )
    return { located, tables: [...present, ...gone] }
  } catch (error) {
    return { tables: namedTables(source.config), problem: asProblem(error) }
  }
}

async function tasksOf(
  pipeline: Pipeline,
  options: PlanOptions & { readonly found: FoundSource | undefined },
): Promise<readonly VerifyTask[]> {
  const { source, sink } = pipeline
  const { found, context, signal } = options
  const tables = pipeline.tables.filter(
    ({ source: name }) => !name || !source || !isOwnTable(name, source.config),
  )
  const refuse = (table: PipelineTable, sentence: string, hint?: string): RefusedTask => ({
    kind: 'refused',
    pipeline: pipeline.name,
    table: nameOf(table),
    ...{ sentence, hint },
  })
  if (!source || !sink) {
    return tables.map(table =>
      source
        ? refuse(table, `no deployed sink reads the topic ${table.topic}`, 'npx trib get connectors')
        : refuse(table, `no deployed source writes the topic ${table.topic}`, 'npx trib get connectors'),
    )
  }
  if (found?.problem)
    return tables.map(table => refuse(table, found.problem?.message ?? '', found.problem?.hint))
  try {
    const target = await locateWarehouse(context, sink)
    await using database = await openDatabase({ ...target.address, applicationName: 'trib verify', signal })
    const tasks: VerifyTask[] = []
    for (const table of tables) {
      if (!table.source || !table.target || !found?.located) {
        tasks.push(
          refuse(table, `only the record itself tells which table of the warehouse ${table.topic} goes to`),
        )
        continue
      }
      tasks.push({
        kind: 'compare',
        pipeline: pipeline.name,
        table: nameOf(table),
        source: found.located,
        target,
        tables: {
          source: table.source,
          target: await findTarget(database, table.target, sink.config),
          isFolded: isFolded(sink.config),
          isLeftOut: leftOutColumns(source.config, table.source),
        },
        path: changePathOf(source, sink, table.topic),
        sourceConnector: source,
      })
    }
    return tasks
  } catch (error) {
    const { message, hint } = asProblem(error)
    return tables.map(table => refuse(table, message, hint))
  }
}

/** Rows of two sources in one table: each would find the other's rows to be extra. */
function refuseShared(tasks: readonly VerifyTask[]): readonly VerifyTask[] {
  const targetOf = (task: VerifyTask) =>
    task.kind === 'compare' ? JSON.stringify([task.target.address, task.tables.target]) : undefined
  return tasks.map((task): VerifyTask => {
    const other = tasks.find(
      one => one !== task && targetOf(one) !== undefined && targetOf(one) === targetOf(task),
    )
    if (task.kind !== 'compare' || !other) return task
    const { schema, table } = task.tables.target
    const sentence = `${schema}.${table} in the warehouse also holds the rows of ${other.pipeline}'s ${other.table}, so that nobody can say whose rows are extra`
    const { pipeline, table: name } = task
    return { kind: 'refused', pipeline, table: name, sentence, hint: undefined }
  })
}

function nameOf({ source, topic }: PipelineTable): string {
  return source ? `${source.schema}.${source.table}` : topic
}

function isCalled(table: string, name: string): boolean {
  const plain = name.replaceAll('"', '')
  return table === plain || table.slice(table.indexOf('.') + 1) === plain
}

function choosePipelines(pipelines: readonly Pipeline[], name: string | undefined): readonly Pipeline[] {
  if (name === undefined) return pipelines
  const chosen = pipelines.filter(one => one.name === name || one.source?.name === name)
  if (chosen.length > 0) return chosen
  throw new TribError('USAGE', `there is no pipeline '${name}'`, {
    hint: `pipelines: ${pipelines.map(one => one.name).join(', ') || 'none'}`,
  })
}

function asProblem(error: unknown): TribError {
  if (!(error instanceof TribError)) return new TribError('INTERNAL', messageOf(error), { cause: error })
  if (error.code === 'INTERRUPTED') throw error
  return error
}
