import { escapeIdentifier } from 'pg'
import type { SourceCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import { setKey } from '../subjects/examined.ts'
import { findTable, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { TableFacts } from '../subjects/table-facts.ts'
import { addToPublication, isPublished, readPublication } from './publication.ts'
import { hasRole } from './role.ts'

const ours = 'tributary.signal'

/** All are warnings: rows flow without it; only nobody can ask for a snapshot of some of them. */
export const signalChecks: readonly SourceCheck[] = [
  {
    id: 'signal-table',
    title: 'the source listens to a signal table that is there, of the right shape, writable and published',
    appliesTo: 'source',
    run: async subject => {
      const { connector, tables } = subject
      const channels = connector.config['signal.enabled.channels'] ?? 'source'
      if (!channels.split(',').some(channel => channel.trim() === 'source')) return []
      const name = connector.config['signal.data.collection']
      if (name === undefined) {
        const message =
          'signal.data.collection is not set: rows that are missing in the warehouse cannot be asked for again while changes go on'
        return [observe(subject, message, setKey(connector, 'signal.data.collection', ours))]
      }
      const table = findTable(tables, name)
      return table ? examine(subject, table) : [noTable(subject, name)]
    },
  },
]

const observe = ({ connector }: SourceSubject, message: string, fix: Fix): Observation => ({
  object: connector.name,
  severity: 'warning',
  message,
  fix,
})

function noTable(subject: SourceSubject, name: string): Observation {
  const [schema = 'public', table = name] = name.split('.').slice(-2)
  const quoted = qualified({ schema, table })
  const role = subject.role === undefined ? undefined : escapeIdentifier(subject.role)
  const grants =
    role === undefined
      ? []
      : [
          `grant usage on schema ${escapeIdentifier(schema)} to ${role}`,
          `grant select, insert, update, delete on ${quoted} to ${role}`,
        ]
  const statements = [
    `create schema if not exists ${escapeIdentifier(schema)}`,
    // The lengths that Debezium documents.
    `create table ${quoted} (id varchar(42) primary key, type varchar(32) not null, data varchar(2048))`,
    ...grants,
    `alter publication ${escapeIdentifier(subject.publication)} add table ${quoted}`,
  ]
  return observe(subject, `signal.data.collection names ${name}, which is not in ${subject.databaseName}`, {
    kind: 'sql',
    database: subject.databaseName,
    statements,
  })
}

async function examine(subject: SourceSubject, table: TableFacts): Promise<readonly Observation[]> {
  const name = `${table.schema}.${table.table}`
  const publication = subject.plugin === 'pgoutput' ? await readPublication(subject) : undefined
  const lacks = await missingRights(subject, table)
  const missing = ['id', 'type', 'data'].filter(column => !table.columns.some(one => one.name === column))
  const sql = (...statements: readonly string[]): Fix => ({
    kind: 'sql',
    database: subject.databaseName,
    statements,
  })
  return [
    ...(missing.length === 0
      ? []
      : [
          observe(
            subject,
            `the signal table ${name} lacks ${missing.join(', ')}`,
            sql(
              ...missing.map(
                column =>
                  `alter table ${qualified(table)} add column ${column} ${columnTypes[column] ?? 'text'}`,
              ),
            ),
          ),
        ]),
    ...(lacks.length === 0 || subject.role === undefined
      ? []
      : [
          observe(
            subject,
            `the role ${subject.role} may not ${lacks.join(' or ')} in ${name}: an incremental snapshot fails`,
            sql(
              `grant usage on schema ${escapeIdentifier(table.schema)} to ${escapeIdentifier(subject.role)}`,
              `grant ${lacks.join(', ')} on ${qualified(table)} to ${escapeIdentifier(subject.role)}`,
            ),
          ),
        ]),
    ...(publication && !isPublished(table, publication, subject.tables)
      ? [
          observe(
            subject,
            `the publication '${subject.publication}' does not have ${name}: signals are not heard`,
            addToPublication(subject, table),
          ),
        ]
      : []),
  ]
}

const columnTypes: Readonly<Record<string, string>> = {
  id: 'varchar(42)',
  type: 'varchar(32)',
  data: 'varchar(2048)',
}

async function missingRights(subject: SourceSubject, table: TableFacts): Promise<readonly string[]> {
  const { database, role } = subject
  if (role === undefined || !(await hasRole(subject, role))) return []
  const { rows } = await database.query<{ lacks: string[] }>(
    `select array(select p from unnest(array['insert', 'delete']) as p where not has_table_privilege($1, $2::oid, p)) as lacks`,
    [role, table.oid],
  )
  return rows[0]?.lacks ?? []
}
