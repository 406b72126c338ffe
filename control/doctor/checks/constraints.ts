import { escapeIdentifier } from 'pg'
import type { SinkCheck } from '../check.ts'
import type { Observation } from '../finding.ts'
import type { LandingTable, SinkSubject } from '../subjects/sink-subject.ts'
import { qualified } from '../subjects/source-subject.ts'

interface Obstacle {
  readonly what: string
  readonly statement: string
}

/** The sink writes each table in its own time and order: rules between rows hold only when all is there. */
export const constraintChecks: readonly SinkCheck[] = [
  {
    id: 'warehouse-constraints',
    title:
      'landing tables have no foreign keys, further unique constraints, triggers, or generated columns that are sent',
    appliesTo: 'sink',
    run: async subject => {
      const observations: Observation[] = []
      for (const table of subject.tables) observations.push(...(await examine(subject, table)))
      return observations
    },
  },
]

const obstaclesQuery = `
  select case when conrelid = $1 then format('the foreign key %s refers to %s', conname, confrelid::regclass)
      else format('the foreign key %s of %s refers to it', conname, conrelid::regclass) end as what,
    format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
  from pg_constraint where contype = 'f' and $1 in (conrelid, confrelid) and conparentid = 0
  union all
  select format('%s is unique beside the key', x.relname),
    case when c.conname is null then format('drop index %s', x.oid::regclass)
      else format('alter table %s drop constraint %I', i.indrelid::regclass, c.conname) end
  from pg_index i join pg_class x on x.oid = i.indexrelid left join pg_constraint c on c.conindid = x.oid and c.contype in ('u', 'x')
  where i.indrelid = $1 and i.indisunique and not i.indisprimary
  union all
  select format('the trigger %s runs at each row that arrives', tgname), format('alter table %s disable trigger %I', tgrelid::regclass, tgname)
  from pg_trigger where tgrelid = $1 and not tgisinternal and tgenabled in ('O', 'A')
  order by 1`

async function examine(
  { connector, database, databaseName }: SinkSubject,
  { name, facts, source }: LandingTable,
): Promise<readonly Observation[]> {
  if (!facts) return []
  const { rows } = await database.query<Obstacle>(obstaclesQuery, [facts.oid])
  const generated = facts.columns.filter(
    column => column.isGenerated && source?.columns.some(sent => sent.name === column.name),
  )
  const object = `${connector.name} ${name}`
  return [
    ...rows.map(
      ({ what, statement }): Observation => ({
        ...{
          object,
          severity: 'warning',
          message: `${what}: rows arrive in another order than they were written, so the sink may fail`,
        },
        fix: { kind: 'sql', database: databaseName, statements: [statement] },
      }),
    ),
    ...generated.map(
      (column): Observation => ({
        ...{
          object,
          severity: 'error',
          message: `${column.name} is generated here, and the source sends it: the sink fails`,
        },
        fix: {
          kind: 'sql',
          database: databaseName,
          statements: [
            `alter table ${qualified(facts)} alter column ${escapeIdentifier(column.name)} drop expression`,
          ],
        },
      }),
    ),
  ]
}
