import { isOwnTable } from '../../pipelines/own-tables.ts'
import type { SourceCheck } from '../check.ts'
import type { Observation } from '../finding.ts'
import { objectOf, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { TableFacts } from '../subjects/table-facts.ts'

/** A TRUNCATE is no change of a row: flattened topics do not carry it. */
export const truncateChecks: readonly SourceCheck[] = [
  {
    id: 'truncate',
    title: 'a TRUNCATE of each captured table that a sink reads arrives, as the deletes of its rows',
    appliesTo: 'source',
    run: async subject => {
      const { captured, heard, connector } = subject
      // A heartbeat comes again by itself.
      const isOurs = (table: TableFacts) =>
        table.schema === 'tributary' || isOwnTable(table, connector.config)
      const wanted = captured.filter(table => heard.has(table) && !isOurs(table))
      if (wanted.length === 0) return []
      const world = await readGuards(subject)
      return wanted.flatMap(table => examine(subject, table, world))
    },
  },
]

interface Guards {
  /** Oids of tables with a trigger of ours that fires. */
  readonly guarded: ReadonlySet<string>
  readonly hasFunction: boolean
  /** Only such a user can have foreign keys and triggers of rows left out, as TRUNCATE does. */
  readonly isSuperuser: boolean
}

const functionName = 'delete_before_truncate'

async function readGuards({ database }: SourceSubject): Promise<Guards> {
  const { rows } = await database.query<{ guarded: string[]; has: boolean; super: boolean }>(
    `select array(
       select t.tgrelid::int8::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid
       -- 2 before, 32 truncate
       where p.proname = $1 and t.tgtype & 34 = 34 and t.tgenabled in ('O', 'A')) as guarded,
       exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname = 'tributary' and p.proname = $1) as has,
       (select rolsuper from pg_roles where rolname = current_user) as super`,
    [functionName],
  )
  const [row] = rows
  return {
    guarded: new Set(row?.guarded),
    hasFunction: row?.has ?? false,
    isSuperuser: row?.super ?? false,
  }
}

function examine(subject: SourceSubject, table: TableFacts, guards: Guards): readonly Observation[] {
  // A partition can be truncated alone, and a trigger of the table at the top does not fire then.
  const partitions = subject.tables.filter(({ rootOid }) => rootOid === table.oid)
  const open = [table, ...partitions].filter(({ oid }) => !guards.guarded.has(oid))
  if (open.length === 0) return []
  const names = open.map(({ schema, table: name }) => `${schema}.${name}`).join(', ')
  return [
    {
      object: objectOf(subject, table),
      severity: 'warning',
      message: `a TRUNCATE of ${names} is not carried, and its rows stay in the warehouse; with a trigger it goes as deletes, in order`,
      fix: {
        kind: 'sql',
        database: subject.databaseName,
        statements: [...(guards.hasFunction ? [] : makeFunction(guards)), ...open.flatMap(makeTrigger)],
      },
    },
  ]
}

/** As `sql/moodle/community-db/09-truncate.sql` explains; on one line each, so that it can be pasted anywhere. */
function makeFunction({ isSuperuser }: Guards): readonly string[] {
  const asReplica = isSuperuser ? ' set session_replication_role = replica' : ''
  const body = [
    "if tg_op <> 'TRUNCATE' then raise exception 'for TRUNCATE only'; end if",
    "execute format(case (select relkind from pg_class where oid = tg_relid) when 'p' then 'delete from %I.%I' else 'delete from only %I.%I' end, tg_table_schema, tg_table_name)",
    'return null',
  ]
  return [
    'create schema if not exists tributary',
    `create or replace function tributary.${functionName}() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp${asReplica} as $$ begin ${body.join('; ')}; end $$`,
    `revoke execute on function tributary.${functionName}() from public`,
  ]
}

function makeTrigger(table: TableFacts): readonly string[] {
  const trigger = `tributary_${functionName}`
  return [
    `create or replace trigger ${trigger} before truncate on ${qualified(table)} for each statement execute function tributary.${functionName}()`,
    `alter table ${qualified(table)} enable always trigger ${trigger}`,
  ]
}
