import { expect, test } from 'vitest'
import { recordKeys } from '../../../control/verify/record-key.ts'
import type { Form, TableShape } from '../../../control/verify/store.ts'

const shapeOf = (key: Readonly<Record<string, Form>>): TableShape => ({
  name: 'public.t',
  columns: Object.entries(key).map(([name, form]) => ({ name, form, type: form })),
  key: Object.keys(key),
  estimatedRows: 1,
})

/** As Debezium writes it through Connect's JSON converter. */
const withSchema = (fields: string, payload: string) =>
  `{"schema":{"type":"struct","fields":[${fields}],"optional":false,"name":"community-db.public.t.Key"},"payload":${payload}}`
const id = '{"type":"int64","optional":false,"field":"id"}'
const entry = '{"type":"string","optional":false,"field":"entry"}'

function written(sample: string, shape: TableShape, key: readonly string[]): string | undefined {
  return recordKeys({ sample: Buffer.from(sample), shape })?.(key).toString('utf8')
}

test('a key is written byte by byte as the connector writes it, with its schema or without', () => {
  const shape = shapeOf({ id: 'integer' })
  expect(written(withSchema(id, '{"id":7}'), shape, ['9223372036854775807'])).toBe(
    withSchema(id, '{"id":9223372036854775807}'),
  )
  expect(written('{"id":9223372036854775806}', shape, ['-1'])).toBe('{"id":-1}')
})

test('a key of several columns is in the order of the record, whatever stands in its texts', () => {
  const shape = shapeOf({ entry: 'text', id: 'integer' })
  const sample = withSchema(`${id},${entry}`, '{"id":7,"entry":"e"}')
  expect(written(sample, shape, ['a "b" \\ ü\n', '8'])).toBe(
    withSchema(`${id},${entry}`, '{"id":8,"entry":"a \\"b\\" \\\\ ü\\n"}'),
  )
})

test.each([
  ['no JSON', Buffer.from([0, 0, 0, 1]).toString(), shapeOf({ id: 'integer' })],
  ['a time, which travels as a number', withSchema(id, '{"id":7}'), shapeOf({ id: 'timestamp' })],
  ['a padded text', '{"id":"a  "}', shapeOf({ id: 'padded text' })],
  ['another column', withSchema(id, '{"id":7}'), shapeOf({ other: 'integer' })],
  ['a column less', withSchema(id, '{"id":7}'), shapeOf({ id: 'integer', entry: 'text' })],
  ['written otherwise', '{ "id": 7 }', shapeOf({ id: 'integer' })],
])('keys that cannot be written like that are left: %s', (_what, sample, shape) => {
  expect(recordKeys({ sample: Buffer.from(sample), shape })).toBeUndefined()
})
