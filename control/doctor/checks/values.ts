import { escapeIdentifier } from 'pg'
import { splitList } from '../../plan/effective-config.ts'
import { fateOf } from '../../types/type-table.ts'
import { valueRulesOf } from '../../types/value-rules.ts'
import { type CastType, castOf, castSettings } from '../../types/wants.ts'
import type { SourceCheck } from '../check.ts'
import type { Fix, Observation, Severity } from '../finding.ts'
import { setKey, setKeys } from '../subjects/examined.ts'
import { capturedColumns, objectOf, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { Column, TableFacts } from '../subjects/table-facts.ts'

export const valueChecks: readonly SourceCheck[] = [
  {
    id: 'types',
    title: 'the sink can write every captured column as it is; with --deep, every value, too',
    appliesTo: 'source',
    run: async subject => {
      const observations: Observation[] = []
      for (const table of subject.captured) {
        const columns = capturedColumns(subject.connector.config, table)
        observations.push(...columns.flatMap(column => examineType(subject, table, column)))
        const carried = columns.filter(column => fateOf(column).kind === 'exact')
        if (subject.isDeep) observations.push(...(await examineValues(subject, table, carried)))
      }
      return [...observations, ...unreadValues(subject)]
    },
  },
  {
    id: 'row-size',
    title: 'the largest row fits into one message; measured with --deep, estimated else',
    appliesTo: 'source',
    run: async subject => {
      const observations: Observation[] = []
      for (const table of subject.captured) observations.push(...(await examineSize(subject, table)))
      return observations
    },
  },
]

function examineType(subject: SourceSubject, table: TableFacts, column: Column): readonly Observation[] {
  const objection = objectionTo(subject, table, column)
  if (!objection) return []
  const object = objectOf(subject, table)
  return [{ object, severity: subject.heard.has(table) ? objection.severity : 'warning', ...objection.said }]
}

interface Objection {
  readonly severity: Severity
  readonly said: Pick<Observation, 'message' | 'fix'>
}

/** What Hibernate, by which the sink writes names, takes for quotes of its own; and it cuts blanks off. */
const isMisread = /^\s|\s$|^`.*`$|^\[.*\]$/su

function objectionTo(subject: SourceSubject, table: TableFacts, column: Column): Objection | undefined {
  if (column.name.includes('"')) {
    const message = `${column.name} has a double quote in its name: the sink does not escape it and fails; leave the column out, or rename it`
    return { severity: 'error', said: { message, fix: withoutColumn(subject, table, column) } }
  }
  if (isMisread.test(column.name)) {
    const message = `${column.name} stands in quotes, brackets or spaces, which the sink takes off, so that it looks for another column and fails; leave the column out, or rename it`
    return { severity: 'error', said: { message, fix: withoutColumn(subject, table, column) } }
  }
  const fate = fateOf(column)
  const is = `${column.name} is ${column.elementName === null ? column.type : `an array of ${column.elementName}`}`
  if (fate.kind === 'refused') {
    const message = `${is}: ${fate.because}; ${fate.instead}`
    return { severity: 'error', said: { message, fix: withoutColumn(subject, table, column) } }
  }
  const { connector } = subject
  const { wants } = fate
  if (!wants) return undefined
  const message = `${is}: ${wants.otherwise}`
  if (wants.kind === 'cast') {
    if (castOf(connector.config, column.name) === wants.to && !table.key.includes(column.name))
      return undefined
    return { severity: 'error', said: { message, fix: castFix(subject, table, column, wants.to) } }
  }
  const { key, good, unset } = wants
  if (good.includes(connector.config[key] ?? unset)) return undefined
  return { severity: 'warning', said: { message, fix: setKey(connector, key, good[0]) } }
}

/** Lets a column travel as text or as a plain number; a key's column is not in the part that a transform sees. */
function castFix(subject: SourceSubject, table: TableFacts, column: Column, to: CastType): Fix {
  const settings = table.key.includes(column.name)
    ? undefined
    : castSettings(subject.connector.config, column.name, to)
  return settings ? setKeys(subject.connector, settings) : withoutColumn(subject, table, column)
}

/** Debezium's default writes a warning into its log, and NULL into the row. */
function unreadValues({ connector, captured }: SourceSubject): readonly Observation[] {
  const key = 'event.converting.failure.handling.mode'
  const is = connector.config[key] ?? 'warn'
  if (is === 'fail' || captured.length === 0) return []
  const message = `${key} is ${is}: a value that Debezium cannot read arrives as NULL`
  return [{ object: connector.name, severity: 'warning', message, fix: setKey(connector, key, 'fail') }]
}

/** The rest of the table flows. */
function withoutColumn({ connector }: SourceSubject, table: TableFacts, { name }: Column): Fix {
  if (table.key.includes(name)) {
    return { kind: 'none', reason: 'it is part of the key, which always travels: take another key' }
  }
  const before = splitList(connector.config['column.exclude.list'] ?? '')
  return setKey(
    connector,
    'column.exclude.list',
    [...before, `${table.schema}.${table.table}.${name}`].join(','),
  )
}

async function examineValues(
  subject: SourceSubject,
  table: TableFacts,
  columns: readonly Column[],
): Promise<readonly Observation[]> {
  const questions = columns.flatMap(column =>
    valueRulesOf(column)
      .filter(({ cast }) => cast === undefined || castOf(subject.connector.config, column.name) !== cast)
      .map(rule => ({ column, rule })),
  )
  if (questions.length === 0) return []
  const key = table.key
    .map(name => `'${literalPart(name)} ' || ${escapeIdentifier(name)}::text`)
    .join(` || ', ' || `)
  // One reading of the table, whatever is asked.
  const answers = questions.map(({ column, rule }) => {
    const condition = rule.condition.replaceAll('$column', () => escapeIdentifier(column.name))
    const first = key === '' ? 'null' : `min(${key}) filter (where ${condition})`
    return `array[count(*) filter (where ${condition})::text, ${first}]`
  })
  const { rows } = await subject.database.query<{ answers: [string, string | null][] }>(
    `select array[${answers.join(', ')}] as answers from ${qualified(table)}`,
  )
  return questions.flatMap(({ column, rule: { what, happens, cast } }, index) => {
    const [count, first] = rows[0]?.answers[index] ?? ['0', null]
    if (count === '0') return []
    const example = first === null ? '' : ` (such as that of ${first})`
    return [
      {
        object: objectOf(subject, table),
        severity: subject.heard.has(table) ? ('error' as const) : ('warning' as const),
        message: `${count} values of ${column.name} ${what}${example}: ${happens}`,
        fix: cast ? castFix(subject, table, column, cast) : withoutColumn(subject, table, column),
      },
    ]
  })
}

const literalPart = (name: string) => name.replaceAll("'", "''")

const largestUsefulBytes = 16 * 1024 * 1024

async function examineSize(subject: SourceSubject, table: TableFacts): Promise<readonly Observation[]> {
  const { connector, database, isDeep } = subject
  const limit = Number(connector.config['producer.override.max.request.size'] ?? 1_048_576)
  const { rows } = isDeep
    ? await database.query<{ bytes: string | null }>(
        `select max(octet_length(t::text))::text as bytes from ${qualified(table)} as t`,
      )
    : await database.query<{ bytes: string | null }>(
        'select sum(avg_width)::text as bytes from pg_stats where schemaname = $1 and tablename = $2',
        [table.schema, table.table],
      )
  const isFlat = Object.values(connector.config).includes('io.debezium.transforms.ExtractNewRecordState')
  // An enveloped update holds the row twice, where the old one is in the WAL.
  const copies = !isFlat && table.identity === 'f' ? 2 : 1
  const bytes = Number(rows[0]?.bytes ?? 0) * copies
  // Where the average is a quarter of it, some rows will be larger than all of it.
  if (bytes <= (isDeep ? limit : limit / 4)) return []
  const shown = isDeep ? `its largest row makes ${bytes} bytes` : `its average row makes ${bytes} bytes`
  return [
    {
      object: objectOf(subject, table),
      severity: isDeep ? 'error' : 'warning',
      message: `${shown}, and ${connector.name} may send ${limit} at once: the task fails at such a row`,
      fix:
        limit < largestUsefulBytes && bytes < largestUsefulBytes
          ? setKey(connector, 'producer.override.max.request.size', String(largestUsefulBytes))
          : { kind: 'none', reason: 'leave its long columns out (column.exclude.list), or shorten them' },
    },
  ]
}
