import { expect, test } from 'vitest'
import { decodeRecord } from '../../../control/bad-records/decode-record.ts'

const read = (text: string, hasSchema = true) => decodeRecord(Buffer.from(text), { hasSchema })

test('a number that JavaScript would round stays its digits, and texts that look like one stay texts', () => {
  const payload = '{"id": 9007199254740993, "note": "a \\" 9007199254740993,", "small": 12}'

  expect(read(`{"schema": null, "payload": ${payload}}`)).toMatchObject({
    payload: { id: '9007199254740993', note: 'a " 9007199254740993,', small: 12 },
  })
})

test.each([
  ['{"id": 1', true, 'it is no JSON'],
  ['{"id": 1}', true, 'not the "schema" and "payload"'],
  ['', true, 'it is no JSON'],
])('%j cannot be read, and why is said', (text, hasSchema, reason) => {
  expect(read(text, hasSchema)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining(reason) })
})

test('without schemas any JSON is a payload', () => {
  expect(read('{"id": 1}', false)).toMatchObject({ kind: 'decoded', payload: { id: 1 } })
})
