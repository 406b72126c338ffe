import type { Connector } from '../connect/connect-api.ts'
import { type Database, type DatabaseAddress, openDatabase } from '../database/connect.ts'
import { executableFixes } from '../doctor/apply-fixes.ts'
import type { Finding } from '../doctor/finding.ts'
import type { Diagnosis } from '../doctor/run-doctor.ts'
import { qualified } from '../doctor/subjects/source-subject.ts'
import { readTables, type TableFacts } from '../doctor/subjects/table-facts.ts'
import { locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import { isOwnTable } from '../pipelines/own-tables.ts'
import { signalTableOf } from '../verify/signal-table.ts'
import { chooseTables, nameOf } from './choose-tables.ts'
import { consoleGrants } from './console-grants.ts'
import { countRows } from './count-rows.ts'
import { findObjections } from './find-objections.ts'
import { isAbout, type LookOptions, lookWithPlan } from './look-with-plan.ts'
import { isFlowing, type NewTablesPlan, planNewTables, type TableWay } from './plan-new-tables.ts'
import { nothingLeft, refuseFlowing, refuseNamed, refuseOurs } from './refusals.ts'
import { undoSql } from './undo-sql.ts'

/** One statement, and the one that takes it back. */
export interface Statement {
  /** As the context calls it. */
  readonly database: string
  readonly address: DatabaseAddress
  readonly sql: string
  readonly undo: string | undefined
}

export interface LeftOut {
  readonly table: string
  readonly reason: string
}

/** More tables that are to flow, with everything that has to be done. */
export interface Addition {
  readonly plan: NewTablesPlan
  /** Of each table of the plan. */
  readonly rows: ReadonlyMap<TableWay, number>
  readonly statements: readonly Statement[]
  /** What a pattern named, and cannot be had. */
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly string[]
  /** Of the source, before anything is changed. */
  readonly facts: readonly TableFacts[]
}

export interface PlanOptions extends LookOptions {
  readonly source: Connector
  readonly words: readonly string[]
}

/** Looks at everything first; what is named and cannot be had is refused before anything is changed. */
export async function planAddition(options: PlanOptions): Promise<Addition> {
  const { source, words, connectors, context, signal } = options
  const located = await locateSource(context, source)
  await using database = await openDatabase({ ...located.address, applicationName: 'trib add table', signal })
  const facts = await readTables(database)
  signalTableOf(source)
  const published = await readPublished(database, source)
  const flows = (table: TableFacts) => isFlowing(connectors, { source, table, published })
  const isOurs = (table: TableFacts) => table.schema === 'tributary' || isOwnTable(table, source.config)
  const isHidden = (table: TableFacts) => isOurs(table) || table.rootOid !== null || flows(table)
  const chosen = chooseTables(words, { tables: facts, isHidden, service: located.name })
  refuseOurs(chosen.filter(({ table }) => isOurs(table)))
  refuseFlowing(
    chosen.filter(({ table, isNamed }) => isNamed && flows(table)),
    source,
  )
  const leftOut: LeftOut[] = []
  let open = chosen
  for (;;) {
    const plan = planNewTables(connectors, { source, tables: open.map(({ table }) => table) })
    const diagnosis = await lookWithPlan(plan, options)
    const objections = await findObjections({ ...options, plan, diagnosis, facts, database })
    refuseNamed(objections, open, source)
    if (objections.length === 0) {
      return await complete({ ...options, plan, diagnosis, facts, leftOut, database })
    }
    leftOut.push(...objections.map(({ way, reason }) => ({ table: nameOf(way.table), reason })))
    open = open.filter(({ table }) => !objections.some(({ way }) => way.table === table))
    if (open.length === 0) throw nothingLeft(leftOut, source)
  }
}

interface Planned extends PlanOptions {
  readonly plan: NewTablesPlan
  readonly diagnosis: Diagnosis
  readonly facts: readonly TableFacts[]
  /** The source's. */
  readonly database: Database
}

async function readPublished(database: Database, { config }: Connector): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ name: string }>(
    `select format('%s.%s', schemaname, tablename) as name from pg_publication_tables where pubname = $1`,
    [config['publication.name'] ?? 'dbz_publication'],
  )
  return new Set(rows.map(({ name }) => name))
}

async function complete(planned: Planned & { readonly leftOut: readonly LeftOut[] }): Promise<Addition> {
  const { plan, diagnosis, facts, leftOut, context, database, signal } = planned
  const statements = statementsOf(diagnosis.findings, { plan, facts, databases: diagnosis.databases })
  const warehouse = await locateWarehouse(context, plan.sink)
  await using target = await openDatabase({ ...warehouse.address, applicationName: 'trib add table', signal })
  const grants =
    context.kind === 'local'
      ? await consoleGrants({ plan, statements, source: database, warehouse: target })
      : []
  const addressOf = { source: await locateSource(context, plan.source), warehouse }
  const rows = new Map<TableWay, number>()
  for (const way of plan.ways) rows.set(way, await countRows(database, { table: way.table }))
  return {
    ...{ plan, rows, leftOut, facts },
    statements: [
      ...statements,
      ...grants.map(({ side, sql }) => ({
        ...{ database: addressOf[side].name, address: addressOf[side].address, sql },
        undo: undoSql(sql, () => undefined),
      })),
    ],
    notes: await notesOn(plan, { source: database, config: plan.source.config }),
  }
}

interface StatementsOptions {
  readonly plan: NewTablesPlan
  readonly facts: readonly TableFacts[]
  readonly databases: Diagnosis['databases']
}

/** Pure: what the doctor would run for these tables, with what takes it back. */
export function statementsOf(
  findings: readonly Finding[],
  { plan, facts, databases }: StatementsOptions,
): readonly Statement[] {
  const own = findings.filter(
    finding =>
      plan.ways.some(way => isAbout(finding, way)) || isOfSchema(finding, plan) || isOfSignals(finding, plan),
  )
  const before = (name: string) => facts.find(one => qualified(one) === name)
  return executableFixes(own).flatMap(({ database, statements }) => {
    const address = databases.get(database)
    return address ? statements.map(sql => ({ database, address, sql, undo: undoSql(sql, before) })) : []
  })
}

/** The schema in which a table lands is told of once, for all of them. */
const isOfSchema = ({ object }: Finding, { sink }: NewTablesPlan) => object.startsWith(`${sink.name} schema `)

/** By signals old rows are asked for. */
const isOfSignals = ({ check, object }: Finding, { source }: NewTablesPlan) =>
  check === 'signal-table' && object === source.name

interface NotesOptions {
  readonly source: Database
  readonly config: Readonly<Record<string, string>>
}

/** Somebody else may read the table, too; that goes on. */
async function notesOn(plan: NewTablesPlan, { source, config }: NotesOptions): Promise<readonly string[]> {
  const { rows } = await source.query<{ table: string; publications: string }>(
    `select format('%s.%s', schemaname, tablename) as table, string_agg(pubname, ', ' order by pubname) as publications
     from pg_publication_tables
     where pubname <> $1 and format('%s.%s', schemaname, tablename) = any($2) group by 1 order by 1`,
    [config['publication.name'] ?? 'dbz_publication', plan.ways.map(({ table }) => nameOf(table))],
  )
  return rows.map(
    ({ table, publications }) =>
      `${table} is in the publication ${publications}, too, which is left as it is`,
  )
}
