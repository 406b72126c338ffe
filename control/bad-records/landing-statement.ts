import { escapeIdentifier } from 'pg'
import * as z from 'zod'
import type { Decoded, FieldSchema } from './decode-record.ts'

/** What the sink would do with a record, as one statement with its values. */
export interface LandingStatement {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface LandingRecord {
  readonly key: Extract<Decoded, { readonly kind: 'decoded' }>
  readonly value: Decoded
}

const rowSchema = z.record(z.string(), z.unknown())
const dayMicros = 86_400_000_000

/**
 * The upsert or delete of a flat record, or of an enveloped one, with values as the sink binds them; pure. Texts go
 * untyped, as with `stringtype=unspecified`. Fails with a sentence where the sink itself cannot go on.
 */
export function landingStatement(table: string, { key, value }: LandingRecord): LandingStatement | undefined {
  const keys = rowSchema.safeParse(key.payload)
  if (!keys.success) return undefined
  const row = value.kind === 'decoded' ? rowOf(value) : undefined
  const values: unknown[] = []
  const bind = (name: string, given: unknown, schema: FieldSchema | undefined) => {
    const { expression, parameter } = bound(name, given, schema)
    values.push(parameter)
    return expression(`$${values.length}`)
  }
  const keyNames = Object.keys(keys.data)
  if (!row) {
    const conditions = keyNames.map(
      name => `${escapeIdentifier(name)} = ${bind(name, keys.data[name], fieldOf(key.schema, name))}`,
    )
    return { text: `delete from ${table} where ${conditions.join(' and ')}`, values }
  }
  const names = [...new Set([...keyNames, ...Object.keys(row.payload)])]
  const expressions = names.map(name =>
    name in row.payload
      ? bind(name, row.payload[name], fieldOf(row.schema, name))
      : bind(name, keys.data[name], fieldOf(key.schema, name)),
  )
  const columns = names.map(name => escapeIdentifier(name))
  const others = columns.filter((_, index) => !keyNames.includes(names[index] ?? ''))
  const change =
    others.length === 0
      ? 'do nothing'
      : `do update set ${others.map(column => `${column} = excluded.${column}`).join(', ')}`
  const conflict = keyNames.map(name => escapeIdentifier(name)).join(', ')
  return {
    text: `insert into ${table} (${columns.join(', ')}) values (${expressions.join(', ')}) on conflict (${conflict}) ${change}`,
    values,
  }
}

/** The row after the change; undefined: it was deleted. */
function rowOf({ payload, schema }: Extract<Decoded, { readonly kind: 'decoded' }>) {
  const isEnvelope = schema?.name?.endsWith('.Envelope') === true
  const inner = isEnvelope ? rowSchema.safeParse(payload).data?.['after'] : payload
  const row = rowSchema.safeParse(inner)
  if (!row.success) return undefined
  return { payload: row.data, schema: isEnvelope ? fieldOf(schema, 'after') : schema }
}

const fieldOf = (schema: FieldSchema | undefined, name: string) =>
  schema?.fields?.find(({ field }) => field === name)

/** A value that the sink cannot bind at all, whatever the table is like. */
export class UnbindableValue extends Error {}

function bound(name: string, value: unknown, schema: FieldSchema | undefined) {
  const plain = { expression: (parameter: string) => parameter, parameter: textOf(value) }
  if (value === null || value === undefined) return { ...plain, parameter: null }
  const since = (origin: string, unit: string) => ({
    parameter: String(value),
    expression: (parameter: string) => `${origin} + ${parameter}::bigint * interval '1 ${unit}'`,
  })
  switch (schema?.name) {
    case 'io.debezium.time.Date':
    case 'org.apache.kafka.connect.data.Date':
      return { parameter: String(value), expression: (p: string) => `date '1970-01-01' + ${p}::int` }
    case 'io.debezium.time.MicroTime':
      if (Number(value) >= dayMicros)
        throw new UnbindableValue(`${name} is 24:00, a time that the sink does not know`)
      return since(`time '00:00'`, 'microsecond')
    case 'io.debezium.time.Time':
    case 'org.apache.kafka.connect.data.Time':
      return since(`time '00:00'`, 'millisecond')
    case 'io.debezium.time.MicroTimestamp':
      return since(`timestamp 'epoch'`, 'microsecond')
    case 'io.debezium.time.Timestamp':
    case 'org.apache.kafka.connect.data.Timestamp':
      return since(`timestamp 'epoch'`, 'millisecond')
    case 'org.apache.kafka.connect.data.Decimal':
      return { ...plain, parameter: decimal(String(value), Number(schema.parameters?.['scale'] ?? 0)) }
  }
  if (schema?.type === 'bytes')
    return { parameter: String(value), expression: (p: string) => `decode(${p}, 'base64')` }
  return plain
}

/** Arrays as the driver writes them; what has fields as JSON. */
function textOf(value: unknown): unknown {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Two's complement, most significant byte first, and how many of its digits come after the point. */
function decimal(base64: string, scale: number): string {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0) return '0'
  const unsigned = BigInt(`0x${bytes.toString('hex')}`)
  const isNegative = (bytes[0] ?? 0) >= 0x80
  const amount = isNegative ? unsigned - (1n << BigInt(8 * bytes.length)) : unsigned
  return `${amount}e-${scale}`
}
