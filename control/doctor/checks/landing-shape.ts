import { escapeIdentifier } from 'pg'
import { splitList } from '../../plan/effective-config.ts'
import { guardOf } from '../../types/guards.ts'
import { landingType } from '../../types/type-table.ts'
import type { Fix, Observation } from '../finding.ts'
import type { ArrivingTable, LandingTable, SinkSubject } from '../subjects/sink-subject.ts'
import { qualified } from '../subjects/source-subject.ts'
import type { Column, TableFacts } from '../subjects/table-facts.ts'
import { objectionToType } from './fits-type.ts'

type Draft = Pick<Observation, 'severity' | 'message'> & {
  readonly statements: readonly string[]
  readonly byHand?: string
}

/** What keeps the columns and the key of a source from landing in a table. */
export function examineShape(
  subject: SinkSubject,
  { name, source }: LandingTable,
  facts: TableFacts,
): readonly Observation[] {
  const { connector, databaseName } = subject
  if (!source || isReshaped(subject, source)) return []
  const drafts = [
    ...source.columns.flatMap(column => {
      const target = facts.columns.find(one => one.name === nameIn(subject, column.name))
      return target
        ? compare(column, target, facts)
        : missing(subject, column, { facts, config: source.connector.config })
    }),
    ...facts.columns.flatMap(target => unfilled(subject, target, { source, facts })),
    ...differentKey(subject, source, facts),
  ]
  return drafts.map(({ severity, message, statements, byHand }) => {
    const fix: Fix = {
      kind: 'sql',
      database: databaseName,
      statements,
      ...(byHand === undefined ? {} : { byHand }),
    }
    return { object: `${connector.name} ${name}`, severity, message, fix }
  })
}

const nameIn = ({ connector }: SinkSubject, name: string) =>
  /^true$/i.test(connector.config['quote.identifiers'] ?? 'false') ? name : name.toLowerCase()

/** Transforms that only flatten, route or let a value travel as text leave the columns as they are; of others nothing can be said. */
const harmless =
  /\.(ExtractNewRecordState|RegexRouter|ByLogicalTableRouter|Filter|TimestampRouter|Cast\$Value)$/

function isReshaped({ connector }: SinkSubject, source: ArrivingTable): boolean {
  if (connector.config['field.include.list'] ?? connector.config['field.exclude.list']) return true
  if (connector.config['column.naming.strategy'] !== undefined) return true
  return [connector.config, source.connector.config].some(config =>
    splitList(config['transforms'] ?? '').some(
      alias => !harmless.test(config[`transforms.${alias}.type`] ?? ''),
    ),
  )
}

/** Each of these rewrites the table, during which nobody can use it. */
const rewrites = 'it may rewrite the table, during which nobody else can use it'

function compare(source: Column, target: Column, facts: TableFacts): readonly Draft[] {
  const table = qualified(facts)
  const column = escapeIdentifier(target.name)
  const objection = objectionToType(source, target)
  const type = landingType(source)
  return [
    ...(objection === undefined
      ? []
      : [
          {
            severity: objection.severity,
            message: `${target.name} is ${target.type} here and ${source.type} in the source: ${objection.why}`,
            statements: [
              `alter table ${table} alter column ${column} type ${type} using ${column}::text::${type}`,
            ],
            byHand: rewrites,
          },
        ]),
    ...(target.isNotNull && !source.isNotNull && !facts.key.includes(target.name)
      ? [
          {
            severity: 'error' as const,
            message: `${target.name} must not be null here, but may be in the source: the sink fails at such a row`,
            statements: [`alter table ${table} alter column ${column} drop not null`],
          },
        ]
      : []),
  ]
}

interface MissingFrom {
  readonly facts: TableFacts
  /** Of the source. */
  readonly config: Readonly<Record<string, string>>
}

function missing(
  { isEvolving }: SinkSubject,
  column: Column,
  { facts, config }: MissingFrom,
): readonly Draft[] {
  if (isEvolving) return []
  return [
    {
      severity: 'error',
      message: `the column ${column.name} of the source is missing here: the sink fails`,
      statements: [`alter table ${qualified(facts)} add column ${landingColumn(column, config)}`],
    },
  ]
}

/** A column of a landing table, with the guard against what its values might turn into. */
export function landingColumn(column: Column, config: Readonly<Record<string, string>>): string {
  const name = escapeIdentifier(column.name)
  const guard = guardOf(column, config)
  const check = guard === undefined ? '' : ` check (${guard.replaceAll('$column', () => name)})`
  return `${name} ${landingType(column)}${check}`
}

/** A column that nobody fills must be able to stay empty. */
function unfilled(
  subject: SinkSubject,
  { name, isNotNull, hasDefault, isGenerated }: Column,
  { source, facts }: { readonly source: ArrivingTable; readonly facts: TableFacts },
): readonly Draft[] {
  const isFilled = source.columns.some(column => nameIn(subject, column.name) === name)
  if (isFilled || !isNotNull || hasDefault || isGenerated) return []
  return [
    {
      severity: 'error',
      message: `the column ${name} must not be null, but the source does not have it: the sink fails`,
      statements: [`alter table ${qualified(facts)} alter column ${escapeIdentifier(name)} drop not null`],
    },
  ]
}

function differentKey(subject: SinkSubject, source: ArrivingTable, facts: TableFacts): readonly Draft[] {
  const wanted = source.facts.key.map(name => nameIn(subject, name))
  // A table without a key, or with one of the config's making: `primary-key` speaks of it.
  if (wanted.length === 0 || source.connector.config['message.key.columns'] !== undefined) return []
  if (facts.key.length === wanted.length && wanted.every(name => facts.key.includes(name))) return []
  const columns = wanted.map(name => escapeIdentifier(name)).join(', ')
  const table = qualified(facts)
  if (facts.key.length === 0) {
    return [
      {
        severity: 'error',
        message: `it has no primary key, the source has (${wanted.join(', ')}): upserts fail`,
        statements: [`alter table ${table} add primary key (${columns})`],
      },
    ]
  }
  return [
    {
      severity: 'error',
      message: `its primary key is (${facts.key.join(', ')}), that of the source (${wanted.join(', ')}): upserts fail`,
      statements: [
        `alter table ${table} drop constraint ${escapeIdentifier(facts.keyName ?? '')}, add primary key (${columns})`,
      ],
      byHand: rewrites,
    },
  ]
}
