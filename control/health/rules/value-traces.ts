import { named } from '../../output/shell-words.ts'
import { failedRow } from './failed-row.ts'
import { type About, type KnownTrace, traceOf } from './known-trace.ts'
import { landingColumns } from './places.ts'

/** A value that the way or the warehouse cannot carry: the table, the column and the key, as far as the trace tells. */
export const valueTraces: readonly KnownTrace[] = [
  {
    id: 'value-guarded',
    restartMends: false,
    side: 'sink',
    pattern: /new row for relation "([^"]+)" violates check constraint "([^"]+)"/,
    cause: ([, table, constraint], about) =>
      `${atRow(about)}the constraint ${constraint} of ${table} in the warehouse refuses what a value turned into on its way`,
    command: (_match, about) => lookDeep(about),
  },
  {
    id: 'value-not-read',
    restartMends: false,
    side: 'sink',
    pattern: /invalid input syntax for type ([a-z][a-z ]*): "([^"]*)"/,
    cause: ([, type, value], about) => `${atRow(about)}the warehouse cannot read '${value}' as ${type}`,
    command: (_match, about) => lookDeep(about),
  },
  {
    id: 'end-of-day',
    restartMends: false,
    side: 'sink',
    pattern: /Invalid value for NanoOfDay \([^)]*\): 86400000000000/,
    cause: (_match, about) => {
      const table = /Failed to flush records for table '([^']+)'/.exec(traceOf(about.connector))?.[1]
      const columns = (table === undefined ? undefined : landingColumns(about.sight, table))?.columns
        .filter(({ type }) => /^time(\(\d\))? without/.test(type))
        .map(({ name }) => name)
      return `a time${columns?.length ? ` of ${columns.join(' or ')}` : ''}${table ? ` in ${table}` : ''} is 24:00, which the sink does not know`
    },
    command: (_match, about) => lookDeep(about),
  },
  {
    id: 'value-not-converted',
    restartMends: false,
    side: 'source',
    pattern: /Failed to properly convert data value for '([^']+)\.([^'.]+)' of type (\S+)/,
    cause: ([, table, column, type]) =>
      `Debezium cannot read a value of ${column} in ${table}, which is ${type}`,
    command: (_match, about) => lookDeep(about),
  },
  {
    id: 'interval-too-long',
    restartMends: false,
    side: 'source',
    pattern: /Snapshotting of table (\S+) failed[\s\S]*Conversion of interval failed/,
    cause: ([, table]) => `Debezium cannot read an interval in ${table}: it has more hours than 32 bits hold`,
    command: (_match, about) => lookDeep(about),
  },
  {
    id: 'value-does-not-fit',
    restartMends: false,
    side: 'sink',
    pattern:
      /value too long for type (character varying\(\d+\)|character\(\d+\))|numeric field overflow|(\w+) out of range/,
    cause: ([, type], about) =>
      `${atRow(about)}a value does not fit into its column in the warehouse${type ? `, which is ${type}` : ''}`,
    command: (_match, about) => `npx trib skip ${named(about.connector.name)}`,
  },
]

/** `public.orders, price, id 5: `, as far as the trace tells. */
function atRow({ connector }: About): string {
  const row = failedRow(traceOf(connector))
  if (!row) return ''
  return `${[row.table, row.column, row.key].filter(Boolean).join(', ')}: `
}

/** What reads every value names the keys of those that cannot be carried, and what mends it. */
function lookDeep({ sight, side, connector }: About): string {
  const source = side === 'source' ? connector : sight.source
  return source
    ? `npx trib doctor ${named(source.name, '--deep')}`
    : `npx trib describe ${named(connector.name)}`
}
