import { escapeIdentifier } from 'pg'
import { splitList } from '../../plan/effective-config.ts'
import type { SourceCheck } from '../check.ts'
import type { Fix, Observation } from '../finding.ts'
import { setKey } from '../subjects/examined.ts'
import { capturedColumns, objectOf, qualified, type SourceSubject } from '../subjects/source-subject.ts'
import type { Column, TableFacts } from '../subjects/table-facts.ts'

interface TypeRule {
  readonly fits: (column: Column, config: Readonly<Record<string, string>>) => boolean
  /** `interval`, `an array of jsonb`. */
  readonly what: (column: Column) => string
  readonly happens: string
  /** error: the sink's task fails; warning: the value arrives changed. */
  readonly severity: 'error' | 'warning'
  /** A setting that helps. (Default: the column is left out) */
  readonly setting?: readonly [key: string, value: string]
}

const arrayOf = ({ elementName }: Column) => `an array of ${elementName}`
const isArrayOf =
  (...names: readonly string[]) =>
  ({ elementName }: Column) =>
    elementName !== null && names.includes(elementName)

/** What Debezium and its JDBC sink 3.6 are known to lose or to fail on. */
const typeRules: readonly TypeRule[] = [
  {
    fits: isArrayOf('inet', 'cidr', 'jsonb', 'json', 'numeric'),
    what: arrayOf,
    happens: 'the sink cannot bind it and fails',
    severity: 'error',
  },
  {
    fits: ({ elementKind }) => elementKind === 'e' || elementKind === 'r',
    what: arrayOf,
    happens: 'the sink cannot bind it and fails',
    severity: 'error',
  },
  {
    fits: ({ typeKind }) => typeKind === 'r' || typeKind === 'm',
    what: ({ type }) => type,
    happens: 'the sink cannot bind it and fails',
    severity: 'error',
  },
  {
    fits: ({ typeName }) => typeName === 'point',
    what: ({ type }) => type,
    happens: 'the sink wants PostGIS in the warehouse for it and fails without',
    severity: 'error',
  },
  {
    fits: ({ typeName }) => typeName === 'hstore' || typeName === 'tsvector',
    what: ({ type }) => type,
    happens: 'it arrives changed',
    severity: 'warning',
  },
  {
    fits: ({ typeName }, config) => typeName === 'interval' && config['interval.handling.mode'] !== 'string',
    what: ({ type }) => type,
    happens: 'it arrives as microseconds, a month counted as 30.44 days',
    severity: 'warning',
    setting: ['interval.handling.mode', 'string'],
  },
]

interface ValueRule {
  readonly fits: (column: Column) => boolean
  /** SQL condition on `$column`. */
  readonly condition: string
  readonly what: string
  readonly severity: 'error' | 'warning'
}

/** Values that Postgres holds and the way cannot carry. */
const valueRules: readonly ValueRule[] = [
  {
    fits: ({ typeName }) => typeName === 'numeric',
    condition: `$column::text in ('NaN', 'Infinity', '-Infinity')`,
    what: 'are NaN or infinite, which no decimal of Kafka Connect can be',
    severity: 'error',
  },
  {
    fits: ({ typeName }) => ['timestamp', 'timestamptz', 'date'].includes(typeName),
    condition: `not isfinite($column) or $column < '0001-01-01'`,
    what: 'are infinite or before Christ, and arrive as another time',
    severity: 'warning',
  },
  {
    fits: ({ typeName }) => typeName === 'time' || typeName === 'timetz',
    condition: `$column::text like '24:00:00%'`,
    what: 'are 24:00, and arrive as 00:00',
    severity: 'warning',
  },
]

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
        if (subject.isDeep) observations.push(...(await examineValues(subject, table, columns)))
      }
      return observations
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
  const { connector, heard } = subject
  return typeRules
    .filter(({ fits }) => fits(column, connector.config))
    .slice(0, 1)
    .map(({ what, happens, severity, setting }) => ({
      object: objectOf(subject, table),
      severity: heard.has(table) ? severity : 'warning',
      message: `${column.name} is ${what(column)}: ${happens}`,
      fix: setting ? setKey(connector, ...setting) : withoutColumn(subject, table, column),
    }))
}

/** The rest of the table flows; the value itself can follow as text, in a generated column. */
function withoutColumn({ connector }: SourceSubject, table: TableFacts, { name }: Column): Fix {
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
    valueRules.filter(({ fits }) => fits(column)).map(rule => ({ column, rule })),
  )
  if (questions.length === 0) return []
  // One reading of the table, whatever is asked.
  const counts = questions.map(({ column, rule }) => {
    const condition = rule.condition.replaceAll('$column', escapeIdentifier(column.name))
    return `count(*) filter (where ${condition})::text`
  })
  const { rows } = await subject.database.query<{ counts: string[] }>(
    `select array[${counts.join(', ')}] as counts from ${qualified(table)}`,
  )
  return questions.flatMap(({ column, rule: { what, severity } }, index) => {
    const count = rows[0]?.counts[index] ?? '0'
    if (count === '0') return []
    return [
      {
        object: objectOf(subject, table),
        severity,
        message: `${count} values of ${column.name} ${what}`,
        fix: withoutColumn(subject, table, column),
      },
    ]
  })
}

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
