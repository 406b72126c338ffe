import { escapeIdentifier } from 'pg'
import { fateOf } from '../../types/type-table.ts'
import type { SinkCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import { type Examined, setKey } from '../subjects/examined.ts'
import type { LandingTable, SinkSubject } from '../subjects/sink-subject.ts'
import { qualified } from '../subjects/source-subject.ts'
import { examineShape, landingColumn } from './landing-shape.ts'

/** Debezium's defaults write duplicates, keep what was deleted, and fold names. */
const wantedSettings: readonly (readonly [key: string, value: string, unset: string, consequence: string])[] =
  [
    ['insert.mode', 'upsert', 'insert', 'a row that comes twice, as after every restart, fails'],
    ['primary.key.mode', 'record_key', 'none', 'nothing tells which row a change is for'],
    ['delete.enabled', 'true', 'false', 'rows that were deleted stay in the warehouse'],
    ['quote.identifiers', 'true', 'false', 'names with capitals are folded, and their tables not found'],
  ]

/** What the role of a sink may do, and whether its tables can hold what comes. */
/** Headers stay bytes: the sink writes none of them. */
const rawHeaders = 'org.apache.kafka.connect.converters.ByteArrayConverter'

export const warehouseChecks: readonly SinkCheck[] = [
  {
    id: 'sink-settings',
    title: 'the sink upserts by the key of the record, deletes, and quotes names: none of it is the default',
    appliesTo: 'sink',
    run: async ({ connector }) => [
      ...wantedSettings.flatMap(([key, value, unset, consequence]) => {
        const is = connector.config[key] ?? unset
        if (is === value) return []
        const message = `${key} is ${is}: ${consequence}`
        const fix = setKey(connector, key, value)
        return [{ object: connector.name, severity: 'warning' as const, message, fix }]
      }),
      ...typedStrings(connector),
      ...headersAsTheyAre(connector),
    ],
  },
  {
    id: 'warehouse-rights',
    title: "the sink's role may read and write each landing table and use its schema",
    appliesTo: 'sink',
    run: async subject => {
      const { connector, database, databaseName, role, tables } = subject
      const user = connector.config['connection.username'] ?? '?'
      if (role === undefined) {
        const message = `only the worker knows which role ${user} is, so its rights were not looked at`
        const reason = 'write the name of the role into connection.username; only its password is secret'
        return [{ object: connector.name, severity: 'warning', message, fix: { kind: 'none', reason } }]
      }
      const known = await database.query('select from pg_roles where rolname = $1', [role])
      if (known.rows.length === 0) {
        const statements = [`create role ${escapeIdentifier(role)} login`]
        const byHand = 'it needs a password, too: that of the connector'
        const fix: Fix = { kind: 'sql', database: databaseName, statements, byHand }
        return [
          { object: connector.name, severity: 'error', message: `the role ${role} does not exist`, fix },
        ]
      }
      const observations: Observation[] = []
      for (const table of tables) observations.push(...(await missingRights(subject, role, table)))
      return observations
    },
  },
  {
    id: 'warehouse-shape',
    title: 'each landing table is there, with the columns, types and primary key of its source',
    appliesTo: 'sink',
    run: async subject =>
      subject.tables.flatMap(table =>
        table.facts ? examineShape(subject, table, table.facts) : noTable(subject, table),
      ),
  },
]

/**
 * Debezium tells of a new key in a header. The default converter guesses what such a text means, and where it finds
 * nothing, as with some keys of several columns, the sink fails at the record.
 */
function headersAsTheyAre(connector: Examined): readonly Observation[] {
  const key = 'header.converter'
  const is = connector.config[key]
  if (is !== undefined && !is.endsWith('SimpleHeaderConverter')) return []
  const message = `${key} is SimpleHeaderConverter: a row whose key of several columns changes fails the sink`
  const fix = setKey(connector, key, rawHeaders)
  return [{ object: connector.name, severity: 'warning', message, fix }]
}

/** By default the driver calls every string a varchar, and Postgres writes none of them into a numeric or an inet. */
function typedStrings(connector: Examined): readonly Observation[] {
  const key = 'connection.url'
  const url = connector.config[key] ?? ''
  if (/[?&]stringtype=unspecified(&|$)/.test(url)) return []
  const message = `${key} lacks stringtype=unspecified: a numeric, inet or interval, which travel as text, fails`
  const fix = setKey(connector, key, `${url}${url.includes('?') ? '&' : '?'}stringtype=unspecified`)
  return [{ object: connector.name, severity: 'warning', message, fix }]
}

async function missingRights(
  { connector, database, databaseName }: SinkSubject,
  role: string,
  { name, facts }: LandingTable,
): Promise<readonly Observation[]> {
  if (!facts) return []
  const { rows } = await database.query<{ mayUse: boolean; lacks: string[] }>(
    `select has_schema_privilege($1, relnamespace, 'usage') as "mayUse",
       array(select p from unnest(array['select', 'insert', 'update', 'delete']) as p
         where not has_table_privilege($1, oid, p)) as lacks
     from pg_class where oid = $2`,
    [role, facts.oid],
  )
  const { mayUse = true, lacks = [] } = rows[0] ?? {}
  const to = escapeIdentifier(role)
  const observe = (object: string, message: string, statement: string): Observation => ({
    ...{ object: `${connector.name} ${object}`, severity: 'error', message },
    fix: { kind: 'sql', database: databaseName, statements: [statement] },
  })
  const { schema } = facts
  // Of the schema, not of the table: said once, however many tables are in it.
  const ofSchema = observe(
    `schema ${schema}`,
    `the role ${role} may not use the schema ${schema}`,
    `grant usage on schema ${escapeIdentifier(schema)} to ${to}`,
  )
  const ofTable = observe(
    name,
    `the role ${role} may not ${lacks.join(' or ')} in ${name}`,
    `grant ${lacks.join(', ')} on ${qualified(facts)} to ${to}`,
  )
  return [...(mayUse ? [] : [ofSchema]), ...(lacks.length > 0 ? [ofTable] : [])]
}

function noTable(
  subject: SinkSubject,
  { name, schema, source, target }: LandingTable,
): readonly Observation[] {
  const { connector, databaseName, role, isEvolving } = subject
  if (isEvolving) return []
  const quoted = qualified({ schema, table: name.slice(schema.length + 1) })
  const columns = source?.columns
    // What doctor wants left out has no place to land.
    .filter(column => fateOf(column).kind === 'exact')
    .map(column => `${landingColumn(column, source.connector.config)}${column.isNotNull ? ' not null' : ''}`)
  const key = source?.facts.key.map(column => escapeIdentifier(column)) ?? []
  const parts = [...(columns ?? []), ...(key.length === 0 ? [] : [`primary key (${key.join(', ')})`])]
  const grant =
    role === undefined
      ? []
      : [`grant select, insert, update, delete on ${quoted} to ${escapeIdentifier(role)}`]
  return [
    {
      object: `${connector.name} ${name}`,
      severity: 'error',
      message: `the sink writes to ${target.table}, which is not in ${databaseName}, and schema.evolution is none`,
      fix: columns
        ? {
            kind: 'sql',
            database: databaseName,
            statements: [`create table ${quoted} (${parts.join(', ')})`, ...grant],
          }
        : { kind: 'none', reason: 'its source is not known here, so its columns are not either' },
    },
  ]
}
