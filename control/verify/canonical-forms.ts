import type { Form } from './store.ts'

/** Postgres' own types and what they are; a domain is its base type, an enum is text. */
const formsByType: Readonly<Record<string, Form>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  numeric: 'numeric',
  money: 'numeric',
  float4: 'float',
  float8: 'float',
  bool: 'boolean',
  text: 'text',
  varchar: 'text',
  name: 'text',
  citext: 'text',
  xml: 'text',
  bpchar: 'padded text',
  uuid: 'uuid',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
  timetz: 'time with time zone',
  interval: 'interval',
  json: 'json as written',
  jsonb: 'json',
  bytea: 'bytes',
  inet: 'network address',
  cidr: 'network address',
  hstore: 'pairs',
  bit: 'bits',
  varbit: 'bits',
}

interface TypeFacts {
  /** `pg_type.typname` of the type, or of what a domain is made of. */
  readonly name: string
  readonly isEnum: boolean
  /** The type of the elements, where it is an array. */
  readonly element: { readonly name: string; readonly isEnum: boolean } | undefined
}

export function formOf({ name, isEnum, element }: TypeFacts): Form {
  if (element) return `list of ${scalarForm(element)}`
  return scalarForm({ name, isEnum })
}

function scalarForm({ name, isEnum }: Omit<TypeFacts, 'element'>): Form {
  if (isEnum) return 'text'
  return Object.hasOwn(formsByType, name) ? (formsByType[name] ?? `own ${name}`) : `own ${name}`
}

/** Forms that differ, and the one in which both can be told apart exactly. Order does not matter. */
const commonForms: readonly (readonly [Form, Form, Form])[] = [
  ['integer', 'numeric', 'numeric'],
  // Never as float: a numeric that was rounded on its way into a double must not pass for equal.
  ['integer', 'float', 'numeric'],
  ['numeric', 'float', 'numeric'],
  ['text', 'padded text', 'padded text'],
  ['text', 'uuid', 'text'],
  ['padded text', 'uuid', 'padded text'],
  ['text', 'boolean', 'text'],
  ['text', 'integer', 'text'],
  ['text', 'numeric', 'numeric'],
  ['text', 'float', 'float'],
  ['text', 'timestamp with time zone', 'timestamp with time zone'],
  ['text', 'timestamp', 'timestamp'],
  ['text', 'date', 'date'],
  ['text', 'time', 'time'],
  ['text', 'time with time zone', 'time with time zone'],
  ['text', 'interval', 'interval'],
  ['text', 'json', 'json'],
  ['text', 'network address', 'network address'],
  ['pairs', 'json', 'json'],
  ['json as written', 'json', 'json'],
  ['text', 'json as written', 'text'],
  ['text', 'bits', 'text'],
  // Debezium sends both as UTC; a timestamp without zone is read as such.
  ['timestamp with time zone', 'timestamp', 'timestamp with time zone'],
  ['date', 'timestamp', 'timestamp'],
  ['time', 'time with time zone', 'time with time zone'],
  ['boolean', 'bits', 'bits'],
]

/** undefined: no form holds both, so that nobody can say whether their values are equal. */
export function commonForm(one: Form, other: Form): Form | undefined {
  if (one === other) return one
  const found = commonForms.find(
    ([first, second]) => (first === one && second === other) || (first === other && second === one),
  )
  if (found) return found[2]
  const [element, otherElement] = [elementOf(one), elementOf(other)]
  const common = element && otherElement && commonForm(element, otherElement)
  return common ? `list of ${common}` : undefined
}

const elementOf = (form: Form): Form | undefined =>
  form.startsWith('list of ') ? (form.slice('list of '.length) as Form) : undefined

interface FormSql {
  /** The type of the canonical value, for casts of literals and of arrays. */
  readonly type: string
  /** From the column to that type. (Default: a cast) */
  readonly from?: (column: string, form: Form) => string
  /** Whether both sides sort it alike, so that it may be a key. (Default: false) */
  readonly isKey?: boolean
  /** How a key is written where one value can be written in several ways. */
  readonly toText?: (value: string) => string
}

const utc = (value: string) => `(${value})::timestamptz at time zone 'UTC'`

/** One row for each form: what both sides hash. Equal values are equal here though their columns' types differ. */
const sqlByForm: Readonly<Record<string, FormSql>> = {
  // Not cast: an index on an int4 column serves a comparison with a bigint, but not one with a cast of the column.
  integer: { type: 'bigint', from: column => column, isKey: true },
  // Postgres hashes 1.0 and 1.00 alike. Through text: a cast of a double rounds to 15 digits.
  numeric: {
    type: 'numeric',
    from: (column, form) => (form === 'float' ? `${column}::text::numeric` : `${column}::numeric`),
    isKey: true,
    toText: value => `trim_scale(${value})`,
  },
  float: { type: 'double precision' },
  boolean: { type: 'boolean', isKey: true },
  // Bytes, not the rules of a language, which differ from server to server.
  text: { type: 'text', from: column => `${column}::text collate "C"`, isKey: true },
  'padded text': { type: 'text', from: column => `rtrim(${column}::text, ' ') collate "C"`, isKey: true },
  uuid: { type: 'uuid', isKey: true },
  'timestamp with time zone': { type: 'timestamp', from: utc, isKey: true },
  timestamp: { type: 'timestamp', isKey: true },
  date: { type: 'date', isKey: true },
  time: { type: 'time', isKey: true },
  'time with time zone': { type: 'time', from: column => `(${column}::timetz at time zone 'UTC')::time` },
  // As text: Postgres takes '1 mon' and '30 days' for equal.
  interval: { type: 'text', from: column => `${column}::interval::text` },
  json: { type: 'jsonb' },
  // As text: a json may hold what no jsonb can, such as \u0000, and arrives as it was written.
  'json as written': { type: 'text', from: column => `${column}::text collate "C"` },
  // As they land: hstore writes its pairs in an order of its own, which jsonb does, too.
  pairs: { type: 'jsonb' },
  bytes: { type: 'bytea', isKey: true },
  'network address': { type: 'inet', isKey: true },
  // '1' of a boolean, as Debezium turns bit(1) into one.
  bits: {
    type: 'text',
    from: (column, form) => (form === 'boolean' ? `${column}::int::text` : `${column}::text`),
  },
}

function sqlOf(form: Form): FormSql {
  return sqlByForm[form] ?? { type: 'text' }
}

/** What is hashed for a column that is an SQL expression of the form `form`, compared as `as`. */
export function canonicalSql(
  column: string,
  { form, as }: { readonly form: Form; readonly as: Form },
): string {
  const element = elementOf(as)
  if (element) return element.startsWith('own ') ? `${column}::text` : `${column}::${sqlOf(element).type}[]`
  const { type, from = value => `${value}::${type}` } = sqlOf(as)
  return from(column, form)
}

const endless = `'{NaN,Infinity,-Infinity}'::numeric[]`

/**
 * What is hashed beside that, where Postgres' hash alone cannot tell values apart: a numeric that is NaN or infinite has
 * the hash of NULL (`hash_numeric_extended` returns its seed), in a list, too; a zero has that of its negative, and a
 * list that of any other shape or first index of the same elements.
 */
export function besidesSql(
  column: string,
  compared: { readonly form: Form; readonly as: Form },
): string | undefined {
  const canonical = canonicalSql(column, compared)
  const element = elementOf(compared.as)
  if (element === undefined) {
    if (compared.as === 'numeric')
      return `case when ${canonical} = any(${endless}) then ${canonical}::text end`
    return compared.as === 'float' ? `case when ${canonical} = 0 then ${canonical}::text end` : undefined
  }
  // As one text.
  if (element.startsWith('own ')) return undefined
  const shape = `nullif(array_dims(${canonical}), '[1:' || cardinality(${canonical}) || ']')`
  if (element === 'numeric')
    return `concat(${shape}, case when ${canonical} && ${endless} then ${canonical}::text end)`
  if (element === 'float')
    return `concat(${shape}, case when 0 = any(${canonical}) then ${canonical}::text end)`
  return shape
}

/** A key column's value as text, which is how keys travel. */
export function keyTextSql(canonical: string, as: Form): string {
  const { toText = value => value } = sqlOf(as)
  return `(${toText(canonical)})::text`
}

/** A literal of a key's column, to be compared with its canonical value. */
export function keyLiteralSql(literal: string, as: Form): string {
  const { type } = sqlOf(as)
  return type === 'text' ? `${literal}::text collate "C"` : `${literal}::${type}`
}

export function canBeKey(as: Form): boolean {
  return sqlOf(as).isKey ?? false
}
