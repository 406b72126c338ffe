import { decodeRecord, type FieldSchema } from '../bad-records/decode-record.ts'
import type { Key, TableShape } from './store.ts'

interface KeyOptions {
  /** The key of any record of the topic, as it stands there. */
  readonly sample: Buffer
  readonly shape: TableShape
}

/**
 * Writes the keys of rows as the source's connector wrote that of a record: equal bytes go into the same partition, and
 * a sink takes them for the same row. undefined: these keys cannot be written like that, such as those of other
 * converters than JSON, or of times.
 */
export function recordKeys({ sample, shape }: KeyOptions): ((key: Key) => Buffer) | undefined {
  const text = sample.toString('utf8')
  for (const hasSchema of [true, false]) {
    const decoded = decodeRecord(sample, { hasSchema })
    if (decoded.kind !== 'decoded' || !isRow(decoded.payload)) continue
    const { payload, schema } = decoded
    const fields = hasSchema ? ofSchema(schema, shape) : ofShape(Object.keys(payload), shape)
    if (!fields || !isTheKeyOf(shape, fields)) continue
    const head = hasSchema ? `{"schema":${JSON.stringify(JSON.parse(text).schema)},"payload":` : ''
    const write = (values: Readonly<Record<string, string>>) =>
      `${head}{${fields.map(({ name, isNumber }) => `${JSON.stringify(name)}:${literal(values[name] ?? '', isNumber)}`).join(',')}}${hasSchema ? '}' : ''}`
    // Whatever else the converter does would show here.
    if (write(asTexts(payload)) !== text) continue
    return key => Buffer.from(write(Object.fromEntries(shape.key.map((name, at) => [name, key[at] ?? '']))))
  }
  return undefined
}

interface KeyField {
  readonly name: string
  readonly isNumber: boolean
}

const integers = new Set(['int8', 'int16', 'int32', 'int64'])
/** Forms whose text in the database is what the record holds. */
const textForms = new Set(['text', 'uuid', 'numeric'])

function fieldOf(name: string, { columns }: TableShape): KeyField | undefined {
  const form = columns.find(column => column.name === name)?.form
  if (form === 'integer') return { name, isNumber: true }
  return form !== undefined && textForms.has(form) ? { name, isNumber: false } : undefined
}

function ofSchema(schema: FieldSchema | undefined, shape: TableShape): readonly KeyField[] | undefined {
  const fields = schema?.fields?.map(({ field = '', type }) => {
    const known = fieldOf(field, shape)
    return known && (known.isNumber ? integers.has(type) : type === 'string') ? known : undefined
  })
  return fields?.every(field => field !== undefined) ? fields : undefined
}

function ofShape(names: readonly string[], shape: TableShape): readonly KeyField[] | undefined {
  const fields = names.map(name => fieldOf(name, shape))
  return fields.every(field => field !== undefined) ? fields : undefined
}

const isTheKeyOf = ({ key }: TableShape, fields: readonly KeyField[]) =>
  fields.length === key.length && fields.every(({ name }) => key.includes(name))

const isRow = (payload: unknown): payload is Readonly<Record<string, unknown>> =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload)

const asTexts = (payload: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]))

const literal = (value: string, isNumber: boolean) => (isNumber ? value : JSON.stringify(value))
