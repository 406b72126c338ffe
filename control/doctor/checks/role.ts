import { escapeIdentifier } from 'pg'
import type { SourceCheck } from '../check.ts'
import type { Observation } from '../finding.ts'
import { objectOf, qualified, type SourceSubject } from '../subjects/source-subject.ts'

/** What the role of a source may do. */
export const roleChecks: readonly SourceCheck[] = [
  {
    id: 'role-replication',
    title: "the source's role exists, may log in and may replicate",
    appliesTo: 'source',
    run: async subject => {
      const { role } = subject
      return role === undefined ? [unknownRole(subject)] : examineRole(subject, role)
    },
  },
  {
    id: 'role-select',
    title: "the source's role may read each captured table and use its schema",
    appliesTo: 'source',
    run: async subject => {
      const { database, databaseName, role, captured } = subject
      if (role === undefined || !(await hasRole(subject, role))) return []
      const { rows } = await database.query<{ oid: string; mayUse: boolean; mayRead: boolean }>(
        `select c.oid::int8::text as oid, has_schema_privilege($1, c.relnamespace, 'usage') as "mayUse",
           has_table_privilege($1, c.oid, 'select') as "mayRead"
         from pg_class c where c.oid = any($2::oid[])`,
        [role, captured.map(({ oid }) => oid)],
      )
      return rows.flatMap(({ oid, mayUse, mayRead }): readonly Observation[] => {
        const table = captured.find(one => one.oid === oid)
        if (!table || (mayUse && mayRead)) return []
        const to = escapeIdentifier(role)
        const statements = [
          ...(mayUse ? [] : [`grant usage on schema ${escapeIdentifier(table.schema)} to ${to}`]),
          ...(mayRead ? [] : [`grant select on ${qualified(table)} to ${to}`]),
        ]
        const what = mayRead ? `use the schema ${table.schema}` : `read ${table.schema}.${table.table}`
        return [
          {
            object: objectOf(subject, table),
            severity: 'error',
            message: `the role ${role} may not ${what}: the snapshot fails`,
            fix: { kind: 'sql', database: databaseName, statements },
          },
        ]
      })
    },
  },
]

export async function hasRole({ database }: Pick<SourceSubject, 'database'>, role: string): Promise<boolean> {
  return (await database.query('select from pg_roles where rolname = $1', [role])).rows.length > 0
}

function unknownRole({ connector }: SourceSubject): Observation {
  const user = connector.config['database.user']
  return {
    object: connector.name,
    severity: 'warning',
    message: user
      ? `only the worker knows which role ${user} is, so its rights were not looked at`
      : 'database.user is not set',
    fix: {
      kind: 'none',
      reason: 'write the name of the role into database.user; only its password is secret',
    },
  }
}

async function examineRole(subject: SourceSubject, role: string): Promise<readonly Observation[]> {
  const { connector, database, databaseName } = subject
  const { rows } = await database.query<{ mayLogIn: boolean; mayReplicate: boolean }>(
    // Amazon's servers keep the attribute to themselves and give a role to be a member of instead.
    `select rolcanlogin as "mayLogIn", rolreplication or rolsuper or exists (
       select from pg_auth_members m join pg_roles g on g.oid = m.roleid
       where m.member = r.oid and g.rolname = 'rds_replication') as "mayReplicate"
     from pg_roles r where rolname = $1`,
    [role],
  )
  const [found] = rows
  const name = escapeIdentifier(role)
  const observe = (message: string, statement: string, byHand?: string): readonly Observation[] => [
    {
      object: connector.name,
      severity: 'error',
      message,
      fix: {
        kind: 'sql',
        database: databaseName,
        statements: [statement],
        ...(byHand === undefined ? {} : { byHand }),
      },
    },
  ]
  if (!found) {
    const byHand = 'it needs a password, too: that of the connector'
    return observe(`the role ${role} does not exist`, `create role ${name} login replication`, byHand)
  }
  if (found.mayLogIn && found.mayReplicate) return []
  const lacks = [...(found.mayLogIn ? [] : ['LOGIN']), ...(found.mayReplicate ? [] : ['REPLICATION'])]
  return observe(
    `the role ${role} lacks ${lacks.join(' and ')}: the connector cannot stream`,
    `alter role ${name} ${lacks.join(' ').toLowerCase()}`,
  )
}
