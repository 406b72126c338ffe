import { escapeIdentifier } from 'pg'
import { targetOf, topicOf, wholly } from '../../pipelines/routing.ts'
import { splitList } from '../../plan/effective-config.ts'
import type { SourceCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import { setKey } from '../subjects/examined.ts'
import { objectOf, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { TableFacts } from '../subjects/table-facts.ts'

const nameOf = ({ schema, table }: TableFacts) => `${schema}.${table}`

/** What the captured tables must be like. */
export const tableChecks: readonly SourceCheck[] = [
  {
    id: 'table-exists',
    title: 'each table that the include list names is in the source database',
    appliesTo: 'source',
    run: async subject => {
      const { connector, databaseName, tables } = subject
      return splitList(connector.config['table.include.list'] ?? '')
        .filter(pattern => !tables.some(table => wholly(pattern, 'i').test(nameOf(table))))
        .map((pattern): Observation => {
          const isRelated = /^(.*)\.(.*)$/.exec(pattern)
          return {
            object: connector.name,
            severity: 'warning',
            message: `table.include.list names ${pattern}, which no table of ${databaseName} is called${isRelated ? '' : ' (it wants schema.table)'}`,
            fix: withoutPattern(subject, pattern),
          }
        })
    },
  },
  {
    id: 'primary-key',
    title: 'each captured table has a key by which its rows are found again',
    appliesTo: 'source',
    run: async subject =>
      subject.captured.flatMap(table => {
        if (table.key.length > 0 || hasMessageKey(subject, table)) return []
        const { databaseName, heard } = subject
        const isHeard = heard.has(table)
        const consequence = isHeard
          ? 'the sink cannot say which row a change is for, and fails'
          : 'its records have none either'
        return [
          {
            object: objectOf(subject, table),
            severity: isHeard ? 'error' : 'warning',
            message: `${nameOf(table)} has no primary key: ${consequence}`,
            fix: table.candidate
              ? {
                  kind: 'sql',
                  database: databaseName,
                  statements: [
                    `alter table ${qualified(table)} add primary key (${table.candidate.map(name => escapeIdentifier(name)).join(', ')})`,
                  ],
                }
              : {
                  kind: 'none',
                  reason: `only you know what tells its rows apart: alter table ${qualified(table)} add primary key (…), or message.key.columns`,
                },
          } satisfies Observation,
        ]
      }),
  },
  {
    id: 'replica-identity',
    title:
      'updates and deletes of each captured table carry what is needed: the key, and long values that stay',
    appliesTo: 'source',
    run: async subject => subject.captured.flatMap(table => examineIdentity(subject, table)),
  },
  {
    id: 'folded-names',
    title:
      'no two captured tables meet in one topic, or in one target table, as letters are replaced or folded',
    appliesTo: 'source',
    run: async subject => [...sameTopics(subject), ...sameTargets(subject)],
  },
]

function withoutPattern({ connector }: SourceSubject, pattern: string): Fix {
  const rest = splitList(connector.config['table.include.list'] ?? '').filter(one => one !== pattern)
  return rest.length === 0
    ? { kind: 'none', reason: 'nothing else is captured' }
    : setKey(connector, 'table.include.list', rest.join(','))
}

/** `message.key.columns` is `schema.table:column;…`, with patterns. */
function hasMessageKey({ connector }: SourceSubject, table: TableFacts): boolean {
  const entries = (connector.config['message.key.columns'] ?? '').split(';')
  return entries.some(entry => wholly(entry.split(':')[0]?.trim() ?? '', 'i').test(nameOf(table)))
}

function hasReselect({ config }: SourceSubject['connector']): boolean {
  return splitList(config['post.processors'] ?? '').some(alias =>
    /Reselect/i.test(config[`${alias}.type`] ?? config[`post.processors.${alias}.type`] ?? ''),
  )
}

function examineIdentity(subject: SourceSubject, table: TableFacts): readonly Observation[] {
  const { connector, databaseName, tables } = subject
  // Of a partitioned table, the identities of its partitions count.
  const leaves = tables.filter(({ rootOid, isPartitioned }) => rootOid === table.oid && !isPartitioned)
  const parts = table.isPartitioned ? leaves : [table]
  const wrong = parts.filter(
    ({ identity, key }) => identity === 'n' || (identity === 'd' && key.length === 0),
  )
  const long = table.columns.filter(({ name, isToastable }) => isToastable && !table.key.includes(name))
  const partial = parts.filter(({ identity }) => identity !== 'f')
  const full = (of: readonly TableFacts[]): Fix => ({
    kind: 'sql',
    database: databaseName,
    statements: of.map(part => `alter table ${qualified(part)} replica identity full`),
  })
  if (wrong.length > 0) {
    const why = wrong.some(({ identity }) => identity === 'n')
      ? 'its replica identity is nothing'
      : 'it has no key'
    return [
      {
        object: objectOf(subject, table),
        severity: 'error',
        message: `${why}, so UPDATE and DELETE of ${nameOf(table)} fail in the application once it is published`,
        fix: full(wrong),
      },
    ]
  }
  if (partial.length === 0 || long.length === 0 || hasReselect(connector)) return []
  const names = long.map(({ name }) => name).join(', ')
  const isLongNow = table.toastBytes > 0
  const now = isLongNow
    ? `${table.toastBytes} bytes of it are kept apart now`
    : 'none is that long now (about 2,000 bytes)'
  // What a sink reads is to be safe from the first long value on, and nobody looks again when that is written.
  const isSpoiling = isLongNow || subject.heard.has(table)
  return [
    {
      object: objectOf(subject, table),
      severity: isSpoiling ? 'error' : 'warning',
      message: `an update that leaves a long value of ${names} untouched sends a placeholder, which is written over the value in the warehouse; ${now}`,
      fix: full(partial),
    },
  ]
}

function sameTopics(subject: SourceSubject): readonly Observation[] {
  const listed = splitList(subject.connector.config['table.include.list'] ?? '')
  return twins(subject, table => topicOf(subject.connector.config, table)).map(([first, second, topic]) => ({
    object: objectOf(subject, second),
    severity: 'error',
    message: `${nameOf(first)} and ${nameOf(second)} are both written to the topic ${topic}: capture only one, rename one, or route one to a topic of its own`,
    // The rest flows; which of the two is wanted only a person knows.
    fix: listed.includes(nameOf(second))
      ? withoutPattern(subject, nameOf(second))
      : { kind: 'none', reason: 'table.include.list is a pattern here: name the tables that are wanted' },
  }))
}

/** A sink that does not quote lets Postgres fold `Users` to `users`. */
function sameTargets(subject: SourceSubject): readonly Observation[] {
  const { all, connector } = subject
  const sinks = all.filter(({ config }) => /JdbcSink/.test(config['connector.class'] ?? ''))
  return sinks
    .filter(({ config }) => !/^true$/i.test(config['quote.identifiers'] ?? 'false'))
    .flatMap(sink =>
      twins(subject, table => {
        const topic = topicOf(connector.config, table)
        const isRead =
          splitList(sink.config['topics'] ?? '').includes(topic) ||
          wholly(sink.config['topics.regex'] ?? '').test(topic)
        return isRead ? targetOf(sink.config, topic, table)?.table.toLowerCase() : undefined
      }).map(
        ([first, second, target]): Observation => ({
          object: objectOf(subject, second),
          severity: 'error',
          message: `${sink.name} does not quote names, so ${nameOf(first)} and ${nameOf(second)} both land in ${target}`,
          fix: setKey(sink, 'quote.identifiers', 'true'),
        }),
      ),
    )
}

/** Tables of which an earlier one has the same name already. */
function twins(
  { captured }: SourceSubject,
  toName: (table: TableFacts) => string | undefined,
): readonly (readonly [TableFacts, TableFacts, string])[] {
  const first = new Map<string, TableFacts>()
  return captured.flatMap(table => {
    const name = toName(table)
    if (name === undefined) return []
    const twin = first.get(name)
    if (twin) return [[twin, table, name] as const]
    first.set(name, table)
    return []
  })
}
