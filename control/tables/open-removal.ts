import type { Connector } from '../connect/connect-api.ts'
import { type Database, openDatabase } from '../database/connect.ts'
import { literal } from '../doctor/subjects/examined.ts'
import { qualified } from '../doctor/subjects/source-subject.ts'
import { readTables, type TableFacts } from '../doctor/subjects/table-facts.ts'
import { TribError } from '../errors/trib-error.ts'
import { capturedTables } from '../pipelines/captured-tables.ts'
import { locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import { isOwnTable } from '../pipelines/own-tables.ts'
import { findStandstill } from '../verify/find-standstill.ts'
import { findTarget } from '../verify/find-target.ts'
import { chooseTables, nameOf } from './choose-tables.ts'
import type { LookOptions } from './look-with-plan.ts'
import type { Statement } from './plan-addition.ts'
import { planRemoval, type RemovalPlan, removalSql, type SourceState } from './plan-removal.ts'

export interface Removal {
  readonly plan: RemovalPlan
  readonly statements: readonly Statement[]
  /** In the warehouse; only where they are to go, too. */
  readonly drops: readonly Statement[]
  /** Landing tables, by their names there. */
  readonly landing: readonly string[]
}

interface PlanOptions extends LookOptions {
  readonly source: Connector
  readonly words: readonly string[]
  readonly isDropping: boolean
}

/** Looks at what is there for the tables' sake, and plans to take it away; nothing is changed. */
export async function openRemoval(options: PlanOptions): Promise<Removal> {
  const { source, words, connectors, context, signal, isDropping } = options
  const located = await locateSource(context, source)
  await using database = await openDatabase({
    ...located.address,
    applicationName: 'trib remove table',
    signal,
  })
  const all = await readTables(database)
  const captured = new Set<TableFacts>(capturedTables(source.config, all))
  const isOurs = (table: TableFacts) => table.schema === 'tributary' || isOwnTable(table, source.config)
  const isHidden = (table: TableFacts) => !captured.has(table) || isOurs(table)
  const chosen = chooseTables(words, { tables: all, isHidden, service: located.name }).map(
    ({ table }) => table,
  )
  for (const table of chosen) if (isHidden(table)) throw notThere(table, { source, isOurs: isOurs(table) })
  const plan = planRemoval(connectors, { source, tables: chosen.map(toName), all })
  for (const one of [plan.source, plan.sink]) {
    const standstill = one && findStandstill(one.name, one)
    if (standstill) throw standstill
  }
  const statements: Statement[] = []
  for (const { table } of plan.removed) {
    const state = await readState(database, {
      table: qualified(table),
      source,
      isLocal: context.kind === 'local',
    })
    const pairs = removalSql(qualified(table), source.config['publication.name'] ?? 'dbz_publication', state)
    statements.push(...pairs.map(pair => ({ database: located.name, address: located.address, ...pair })))
  }
  return { plan, statements, ...(await readLanding(plan, { context, signal, isDropping })) }
}

const toName = ({ schema, table }: TableFacts) => ({ schema, table })

function notThere(
  table: TableFacts,
  { source, isOurs }: { readonly source: Connector; readonly isOurs: boolean },
): TribError {
  const sentence = isOurs
    ? `${nameOf(table)} is a table by which Tributary works itself; nothing was changed`
    : `${source.name} does not capture ${nameOf(table)}; nothing was changed`
  return new TribError('USAGE', sentence, { hint: 'npx trib get pipelines' })
}

interface StateOptions {
  readonly table: string
  readonly source: Connector
  readonly isLocal: boolean
}

async function readState(database: Database, { table, source, isLocal }: StateOptions): Promise<SourceState> {
  const reader = literal(source.config['database.user'])
  const roles = [...(reader === undefined ? [] : [reader]), ...(isLocal ? ['console'] : [])]
  const { rows } = await database.query<SourceState>(
    `select
       exists (select from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
         where p.pubname = $2 and r.prrelid = $1::regclass) as "isPublished",
       (select coalesce(jsonb_agg(jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid))), '[]')
         from pg_trigger t join pg_proc f on f.oid = t.tgfoid
         where t.tgrelid = $1::regclass and f.proname = 'delete_before_truncate') as triggers,
       array(select distinct r.rolname::text from pg_class c, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
         where c.oid = $1::regclass and a.privilege_type = 'SELECT' and r.rolname = any($3) and r.oid <> c.relowner) as readers`,
    [table, source.config['publication.name'] ?? 'dbz_publication', roles],
  )
  return rows[0] ?? { isPublished: false, triggers: [], readers: [] }
}

interface LandingOptions extends Pick<LookOptions, 'context' | 'signal'> {
  readonly isDropping: boolean
}

async function readLanding(plan: RemovalPlan, { context, signal, isDropping }: LandingOptions) {
  if (!plan.sink) return { drops: [], landing: [] }
  const { name, address } = await locateWarehouse(context, plan.sink)
  await using database = await openDatabase({ ...address, applicationName: 'trib remove table', signal })
  const landing: string[] = []
  for (const { target } of plan.removed) {
    const found = target && qualified(await findTarget(database, target, plan.sink.config))
    const { rows } = await database.query('select to_regclass($1) is not null as there', [found ?? null])
    if (found && rows[0]?.['there']) landing.push(found)
  }
  const drops = landing.map(table => ({
    database: name,
    address,
    sql: `drop table ${table}`,
    undo: undefined,
  }))
  return { landing, drops: isDropping ? drops : [] }
}
