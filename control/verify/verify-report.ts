import { exitCodes } from '../errors/error-codes.ts'
import { formatTable } from '../output/table.ts'
import { type Key, keyOf } from './store.ts'

/** As `-o json` prints it. A key of one column is its text, one of several the list of them. */
export interface TableReport {
  readonly table: string
  readonly pipeline: string
  readonly equal: boolean
  /** Of the source, in what was looked at. */
  readonly rows: number
  readonly missing: readonly PrintedKey[]
  readonly extra: readonly PrintedKey[]
  readonly different: readonly PrintedKey[]
  /** Different, but nobody can say whether their changes are on the way. */
  readonly unsettled: readonly PrintedKey[]
  readonly missingColumns: readonly string[]
  readonly extraColumns: readonly string[]
  readonly leftOutColumns: readonly string[]
  /** Of the warehouse: the source has dropped them. */
  readonly droppedColumns: readonly string[]
  /** Rows that were mended by this run. */
  readonly repaired: number
  readonly seconds: number
  readonly error?: string
  readonly hint?: string
  /** How this table alone would end the command. */
  readonly exit: number
}

export type PrintedKey = string | readonly string[]

export interface VerifyReport {
  /** Of what was looked at. */
  readonly equal: boolean
  readonly sampled: boolean
  readonly seconds: number
  /** What the differences have in common, such as a side that was restored from an older copy. */
  readonly explanations: readonly string[]
  readonly tables: readonly TableReport[]
}

export const printedKey = (key: Key): PrintedKey => (key.length === 1 ? (key[0] ?? '') : key)
export const printedText = (text: string): PrintedKey => printedKey(keyOf(text))

interface RenderOptions {
  /** The command that mends what was found. */
  readonly repairCommand: string
}

/** More do not help a person, and machines get all of them. */
const shownKeys = 20

export function renderReport(report: VerifyReport, { repairCommand }: RenderOptions): string {
  const rows = report.tables.map(({ table, rows, missing, extra, different, error }) => ({
    table,
    rows: rows.toLocaleString('en'),
    missing: missing.length,
    extra: extra.length,
    different: different.length,
    state: error ? 'not compared' : '',
  }))
  const isPlain = rows.every(({ state }) => state === '')
  const columns = ['table', 'rows', 'missing', 'extra', 'different', ...(isPlain ? [] : ['state'])]
  const details = report.tables.flatMap(describeTable)
  const broken = report.tables.some(one => one.missing.length + one.extra.length + one.different.length > 0)
  return [
    formatTable(
      rows.map(row => ({ ...row, state: row.state })),
      columns,
    ),
    ...(details.length > 0 ? ['\n', ...details.map(line => `${line}\n`)] : []),
    ...(report.explanations.length > 0 ? ['\n', ...report.explanations.map(line => `${line}\n`)] : []),
    `\n${verdict(report)}\n`,
    ...(broken ? [`  → ${repairCommand}\n`] : []),
  ].join('')
}

function describeTable(one: TableReport): readonly string[] {
  const lines = [
    ...keyLine('missing in the warehouse', one.missing),
    ...keyLine('extra in the warehouse', one.extra),
    ...keyLine('different', one.different),
    ...keyLine('not settled', one.unsettled),
    ...columnLine('only in the source', one.missingColumns),
    ...columnLine('only in the warehouse', one.extraColumns),
    ...(one.leftOutColumns.length > 0
      ? [`not compared, as the connector leaves them out or changes them: ${one.leftOutColumns.join(', ')}`]
      : []),
    ...(one.droppedColumns.length > 0
      ? [`no longer in the source, kept in the warehouse and not compared: ${one.droppedColumns.join(', ')}`]
      : []),
    ...(one.repaired > 0 ? [`mended: ${one.repaired.toLocaleString('en')} rows`] : []),
    ...(one.error ? [one.error, ...(one.hint ? [`  → ${one.hint}`] : [])] : []),
  ]
  return lines.map(line => `${one.table}: ${line}`)
}

function keyLine(what: string, keys: readonly PrintedKey[]): readonly string[] {
  if (keys.length === 0) return []
  const shown = keys.slice(0, shownKeys).map(key => (typeof key === 'string' ? key : `(${key.join(', ')})`))
  const rest = keys.length - shown.length
  const more = rest > 0 ? ` and ${rest.toLocaleString('en')} more (-o json names all)` : ''
  return [`${what}: ${shown.join(', ')}${more}`]
}

function columnLine(where: string, columns: readonly string[]): readonly string[] {
  if (columns.length === 0) return []
  return [`${columns.length === 1 ? 'a column' : 'columns'} ${where}: ${columns.join(', ')}`]
}

function verdict({ equal, sampled, seconds, tables }: VerifyReport): string {
  const took = `${seconds.toFixed(1)} s`
  const part = sampled ? ' in the sample of 10 % that was looked at; the rest was not' : ''
  const unsure = tables.filter(({ exit }) => exit === exitCodes.failed).length
  if (equal && tables.every(({ rows }) => rows === 0)) return `equal: 0 rows on both sides (${took})`
  if (equal) return `equal${part} (${took})`
  const unequal = tables.filter(({ exit }) => exit === exitCodes.dataDiffers).length
  const parts = [
    ...(unequal > 0 ? [`${unequal} of ${tables.length} tables differ`] : []),
    ...(unsure > 0 ? [`of ${unsure} of ${tables.length} tables nobody can say`] : []),
  ]
  return `${parts.join('; ')}${part} (${took})`
}
