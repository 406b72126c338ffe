import { TribError } from '../errors/trib-error.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { nearest } from '../topology/nearest.ts'

export interface Chosen<T extends TableName> {
  readonly table: T
  /** Outright, not by a pattern: where it cannot be had, nothing is. */
  readonly isNamed: boolean
}

interface ChooseOptions<T extends TableName> {
  /** Every table of the database. */
  readonly tables: readonly T[]
  /** What a pattern leaves out: our own tables, and those that are there already. */
  readonly isHidden: (table: T) => boolean
  /** The database, as the context calls it. */
  readonly service: string
}

export const nameOf = ({ schema, table }: TableName) => `${schema}.${table}`

/**
 * Pure: the tables that somebody means. `public.Orders` is a name as it is, `public."a.b"` one as SQL writes it, and
 * `public.*` a pattern; a table that is really called so comes before what its name could mean otherwise.
 */
export function chooseTables<T extends TableName>(
  words: readonly string[],
  options: ChooseOptions<T>,
): readonly Chosen<T>[] {
  const chosen = new Map<string, Chosen<T>>()
  for (const word of words) {
    const exact = options.tables.find(table => nameOf(table) === word) ?? findQuoted(word, options.tables)
    if (exact) {
      chosen.set(nameOf(exact), { table: exact, isNamed: true })
      continue
    }
    if (!/[*?]/.test(word)) throw unknownTable(word, options)
    const found = matching(word, options.tables).filter(table => !options.isHidden(table))
    if (found.length === 0) throw nothingMatches(word, options)
    for (const table of found)
      if (!chosen.has(nameOf(table))) chosen.set(nameOf(table), { table, isNamed: false })
  }
  return [...chosen.values()]
}

const part = '("(?:[^"]|"")+"|[^".]+)'
const quotedName = new RegExp(`^${part}\\.${part}$`)

function findQuoted<T extends TableName>(word: string, tables: readonly T[]): T | undefined {
  const [, schema, table] = (quotedName.exec(word) ?? []).map(unquote)
  return tables.find(one => one.schema === schema && one.table === table)
}

const unquote = (text: string | undefined) =>
  text?.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text

function matching<T extends TableName>(word: string, tables: readonly T[]): readonly T[] {
  const source = word
    .replaceAll('"', '')
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const pattern = new RegExp(`^${source}$`, 'su')
  return tables.filter(table => pattern.test(nameOf(table).replaceAll('"', '')))
}

function unknownTable<T extends TableName>(word: string, { tables, service }: ChooseOptions<T>): TribError {
  const names = tables.map(nameOf)
  const plain = word.replaceAll('"', '')
  const near = plain.includes('.') ? nearest(plain, names) : names.find(name => name.endsWith(`.${plain}`))
  const hint = near === undefined ? `tables: ${listed(names)}` : `is it '${near}'?`
  const sentence = plain.includes('.')
    ? `${service} has no table '${word}'`
    : `'${word}' is not SCHEMA.TABLE, as in 'public.Orders'`
  return new TribError('USAGE', sentence, { hint })
}

function nothingMatches<T extends TableName>(
  word: string,
  { tables, isHidden, service }: ChooseOptions<T>,
): TribError {
  const rest = tables.filter(table => !isHidden(table)).map(nameOf)
  return new TribError('USAGE', `no table of ${service} that does not flow yet is called like '${word}'`, {
    hint: rest.length === 0 ? 'npx trib get pipelines' : `tables: ${listed(rest)}`,
  })
}

const listed = (names: readonly string[]) =>
  `${names.slice(0, 10).join(', ')}${names.length > 10 ? `, and ${names.length - 10} more` : ''}`
