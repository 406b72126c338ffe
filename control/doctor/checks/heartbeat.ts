import { escapeIdentifier } from 'pg'
import type { ConnectorConfig } from '../../connect/connect-api.ts'
import { sqlText } from '../../health/commands-to-paste.ts'
import type { SourceCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import { setKey } from '../subjects/examined.ts'
import { findTable, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { TableFacts } from '../subjects/table-facts.ts'
import { addToPublication, isPublished, readPublication } from './publication.ts'
import { hasRole } from './role.ts'

const ours = 'tributary.heartbeat'

/** The table that the action query of a config writes. */
export function heartbeatTable(config: ConnectorConfig): string | undefined {
  const pattern = /\b(?:insert\s+into|update|merge\s+into)\s+((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/i
  const [, name] = pattern.exec(config['heartbeat.action.query'] ?? '') ?? []
  return name
    ?.split('.')
    .map(part => (part.startsWith('"') ? part.slice(1, -1) : part.toLowerCase()))
    .join('.')
}

export const heartbeatChecks: readonly SourceCheck[] = [
  {
    id: 'heartbeat',
    title:
      'the source beats into a table that is there, writable, published and captured, so that its slot moves',
    appliesTo: 'source',
    run: async subject => {
      const { connector, tables } = subject
      const interval = Number(connector.config['heartbeat.interval.ms'] ?? '0')
      if (interval === 0) return [noBeat(subject)]
      const name = heartbeatTable(connector.config)
      if (connector.config['heartbeat.action.query'] === undefined) return [noQuery(subject)]
      // A query that calls a function, say: what it does is not known here.
      if (name === undefined) return []
      const table = findTable(tables, name)
      return table ? examine(subject, table) : [noTable(subject, name)]
    },
  },
]

function noBeat({ connector }: SourceSubject): Observation {
  return {
    object: connector.name,
    severity: 'warning',
    message:
      'heartbeat.interval.ms is 0: while nothing changes in the captured tables, the slot does not move and WAL grows',
    fix: setKey(connector, 'heartbeat.interval.ms', '10000'),
  }
}

function noQuery(subject: SourceSubject): Observation {
  const { connector } = subject
  const prefix = connector.config['topic.prefix'] ?? connector.name
  const query = `insert into ${ours} (source, beat_at) values (${sqlText(prefix)}, clock_timestamp()) on conflict (source) do update set beat_at = excluded.beat_at`
  return {
    object: connector.name,
    severity: 'warning',
    message:
      'heartbeat.action.query is not set: a beat that writes nothing does not move the slot of an idle database',
    fix: setKey(connector, 'heartbeat.action.query', query),
  }
}

function noTable(subject: SourceSubject, name: string): Observation {
  const [schema = 'public', table = name] = name.includes('.') ? name.split('.') : ['public', name]
  const quoted = qualified({ schema, table })
  const role = subject.role === undefined ? undefined : escapeIdentifier(subject.role)
  const grants =
    role === undefined
      ? []
      : [
          `grant usage on schema ${escapeIdentifier(schema)} to ${role}`,
          `grant select, insert, update on ${quoted} to ${role}`,
        ]
  return {
    object: subject.connector.name,
    severity: 'error',
    message: `heartbeat.action.query writes ${name}, which is not in ${subject.databaseName}`,
    fix: {
      kind: 'sql',
      database: subject.databaseName,
      statements: [
        `create schema if not exists ${escapeIdentifier(schema)}`,
        `create table ${quoted} (source text primary key, beat_at timestamptz not null)`,
        ...grants,
        ...(subject.plugin === 'pgoutput'
          ? [`alter publication ${escapeIdentifier(subject.publication)} add table ${quoted}`]
          : []),
      ],
    },
  }
}

async function examine(subject: SourceSubject, table: TableFacts): Promise<readonly Observation[]> {
  const { connector, captured } = subject
  const name = `${table.schema}.${table.table}`
  const publication = subject.plugin === 'pgoutput' ? await readPublication(subject) : undefined
  const observe = (severity: 'error' | 'warning', message: string, fix: Fix): Observation => ({
    ...{ object: `${connector.name} ${name}`, severity, message, fix },
  })
  const isMissing = publication && !isPublished(table, publication, subject.tables)
  const list = connector.config['table.include.list']
  return [
    ...(await missingRights(subject, table)),
    // A captured table that is missing there is said by `publication-tables`.
    ...(isMissing && !captured.includes(table)
      ? [
          observe(
            'warning',
            `the publication '${subject.publication}' does not have ${name}: beats do not come through`,
            addToPublication(subject, table),
          ),
        ]
      : []),
    ...(captured.includes(table) || list === undefined
      ? []
      : [
          observe(
            'warning',
            `${name} is not captured: nothing tells how fresh the warehouse is`,
            setKey(connector, 'table.include.list', `${list},${name}`),
          ),
        ]),
  ]
}

async function missingRights(subject: SourceSubject, table: TableFacts): Promise<readonly Observation[]> {
  const { connector, database, databaseName, role } = subject
  if (role === undefined || !(await hasRole(subject, role))) return []
  const wanted = /\bon\s+conflict\b/i.test(connector.config['heartbeat.action.query'] ?? '')
    ? ['select', 'insert', 'update']
    : [/\binsert\b/i.test(connector.config['heartbeat.action.query'] ?? '') ? 'insert' : 'update']
  const { rows } = await database.query<{ mayUse: boolean; lacks: string[] }>(
    `select has_schema_privilege($1, relnamespace, 'usage') as "mayUse",
       array(select p from unnest($3::text[]) as p where not has_table_privilege($1, oid, p)) as lacks
     from pg_class where oid = $2`,
    [role, table.oid, wanted],
  )
  const { mayUse = true, lacks = [] } = rows[0] ?? {}
  if (mayUse && lacks.length === 0) return []
  const to = escapeIdentifier(role)
  return [
    {
      object: `${connector.name} ${table.schema}.${table.table}`,
      severity: 'error',
      message: `the role ${role} may not ${mayUse ? lacks.join(' or ') : 'reach'} ${table.schema}.${table.table}: its beats fail`,
      fix: {
        kind: 'sql',
        database: databaseName,
        statements: [
          ...(mayUse ? [] : [`grant usage on schema ${escapeIdentifier(table.schema)} to ${to}`]),
          ...(lacks.length === 0 ? [] : [`grant ${lacks.join(', ')} on ${qualified(table)} to ${to}`]),
        ],
      },
    },
  ]
}
