import { expect, test } from 'vitest'
import { type Decoded, decodeRecord } from '../../../control/bad-records/decode-record.ts'
import { landingStatement } from '../../../control/bad-records/landing-statement.ts'

type Field = Readonly<Record<string, unknown>>

const bytes = (fields: readonly Field[], payload: unknown, name?: string) =>
  Buffer.from(JSON.stringify({ schema: { type: 'struct', fields, name }, payload }))

function decoded(buffer: Buffer | null): Decoded {
  return decodeRecord(buffer, { hasSchema: true })
}

const key = decoded(bytes([{ field: 'id', type: 'int64' }], { id: 7 }))

function statementOf(value: Buffer | null) {
  if (key.kind !== 'decoded') throw new Error('the key is readable')
  return landingStatement('public.orders', { key, value: decoded(value) })
}

test('a flat record is the upsert of its row, times as the sink binds them', () => {
  const fields = [
    { field: 'id', type: 'int64' },
    { field: 'note', type: 'string' },
    { field: 'day', type: 'int32', name: 'io.debezium.time.Date' },
    { field: 'at', type: 'int64', name: 'io.debezium.time.MicroTimestamp' },
    { field: 'bin', type: 'bytes' },
  ]

  expect(statementOf(bytes(fields, { id: 7, note: 'x', day: 1, at: 5, bin: 'AAE=' }))).toEqual({
    text: `insert into public.orders ("id", "note", "day", "at", "bin") values ($1, $2, date '1970-01-01' + $3::int, timestamp 'epoch' + $4::bigint * interval '1 microsecond', decode($5, 'base64')) on conflict ("id") do update set "note" = excluded."note", "day" = excluded."day", "at" = excluded."at", "bin" = excluded."bin"`,
    values: ['7', 'x', '1', '5', 'AAE='],
  })
})

test('an enveloped record is its row after the change', () => {
  const after = { field: 'after', type: 'struct', fields: [{ field: 'note', type: 'string' }] }

  expect(statementOf(bytes([after], { after: { note: null } }, 'shop.Envelope'))).toEqual({
    text: 'insert into public.orders ("id", "note") values ($1, $2) on conflict ("id") do update set "note" = excluded."note"',
    values: ['7', null],
  })
})

test('a tombstone is the delete of its key', () => {
  expect(statementOf(null)).toEqual({ text: 'delete from public.orders where "id" = $1', values: ['7'] })
})

test('24:00 is refused, as the sink does', () => {
  const fields = [{ field: 't', type: 'int64', name: 'io.debezium.time.MicroTime' }]

  expect(() => statementOf(bytes(fields, { t: 86_400_000_000 }))).toThrow('t is 24:00')
})
