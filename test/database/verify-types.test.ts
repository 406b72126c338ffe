import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { compare, keysIn, nothing, openBoth } from './verify-setup.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres({ databases: ['source', 'warehouse'], settings: { TimeZone: 'Asia/Tokyo' } })
})
afterAll(() => postgres[Symbol.asyncDispose]())

let count = 0

/** A row of each value on both sides; gives what verify finds. */
async function found(types: readonly [string, string], values: readonly [string, string]) {
  count += 1
  const table = `typed_${count}`
  await using both = await openBoth(postgres)
  for (const [index, database] of [both.source, both.warehouse].entries()) {
    await database.query(`create table ${table} (id int primary key, value ${types[index]})`)
    await database.query(`insert into ${table} values (1, ${values[index]}), (2, null)`)
  }
  return compare(postgres, table)
}

test.each([
  ['int', 'bigint', '42', '42'],
  ['int', 'numeric(20,4)', '42', '42'],
  ['numeric(10,2)', 'numeric(20,6)', '1.5', '1.500000'],
  ['numeric', 'double precision', '0.1', '0.1'],
  ['real', 'double precision', '0.1', '0.1::real'],
  ['double precision', 'double precision', "'NaN'", "'NaN'"],
  ['double precision', 'text', '1e100', "'1E100'"],
  ['boolean', 'text', 'true', "'true'"],
  ['varchar(20)', 'text', "'Zürich'", "'Zürich'"],
  ['char(5)', 'text', "'ab'", "'ab   '"],
  ['uuid', 'text', "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
  ['timestamptz', 'timestamp', "'2026-01-05 10:00+02'", "'2026-01-05 08:00'"],
  ['timestamptz', 'text', "'2026-01-05 10:00:00.123456+02'", "'2026-01-05T08:00:00.123456Z'"],
  ['timestamp', 'text', "'2026-01-05 10:00'", "'2026-01-05T10:00:00'"],
  ['date', 'timestamp', "'2026-01-05'", "'2026-01-05 00:00'"],
  ['timetz', 'text', "'10:00+02'", "'08:00:00Z'"],
  ['interval', 'text', "'1 year 2 days'", "'P1Y2D'"],
  ['json', 'jsonb', `'{"b": 1.0, "a": [1,  2]}'`, `'{"a":[1,2],"b":1.00}'`],
  ['jsonb', 'text', `'{"a": 1}'`, `'{ "a":1 }'`],
  ['bytea', 'bytea', "'\\x00ff'", "'\\x00ff'"],
  ['inet', 'text', "'192.168.1.5'", "'192.168.1.5'"],
  ['bit(1)', 'boolean', "b'1'", 'true'],
  ['int[]', 'bigint[]', "'{1,null,3}'", "'{1,null,3}'"],
  ['text[]', 'varchar[]', `'{"a,b",c}'`, `'{"a,b",c}'`],
  ['timestamptz[]', 'timestamp[]', "'{2026-01-05 10:00+02}'", "'{2026-01-05 08:00}'"],
  ['money', 'numeric', '12.5::numeric::money', '12.5'],
  ['point', 'point', "'(1,2)'", "'(1,2)'"],
  ['int4range', 'int4range', "'[1,5)'", "'[1,4]'"],
  ['tsvector', 'tsvector', "'a b'", "'b a'"],
  ['numeric', 'numeric', "'NaN'", "'NaN'"],
  [
    'numeric(45,5)',
    'numeric',
    "'1234567890123456789012345678901234567890.5'",
    '1234567890123456789012345678901234567890.50000',
  ],
  ['real', 'real', "'-Infinity'", "'-Infinity'"],
  ['time', 'time', "'24:00'", "'24:00'"],
  ['date', 'date', "'0044-03-15 BC'", "'0044-03-15 BC'"],
  ['timestamp', 'timestamp', "'infinity'", "'infinity'"],
  ['timestamptz', 'timestamptz', "'0044-03-15 12:00:00.000001+00 BC'", "'0044-03-15 12:00:00.000001+00 BC'"],
  ['timestamptz', 'timestamptz', "'-infinity'", "'-infinity'"],
  ['tstzrange', 'tstzrange', "'[2026-01-05 10:00+02,)'", "'[2026-01-05 08:00+00,)'"],
  ['interval', 'interval', "'-1 mon +2 days -00:00:01'", "'-1 mon +2 days -00:00:01'"],
  ['macaddr8', 'macaddr8', "'08:00:2b:01:02:03:04:05'", "'08:00:2b:01:02:03:04:05'"],
  ['cidr[]', 'text[]', "'{10.0.0.0/8,NULL}'", "'{10.0.0.0/8,NULL}'"],
  ['numeric[]', 'text[]', "'{1.10,NULL}'", "'{1.10,NULL}'"],
  ['json', 'json', `'{"a":  "\\u0000", "a": 1}'`, `'{"a":  "\\u0000", "a": 1}'`],
  ['json[]', 'json[]', `'{"{\\"a\\":  1}",NULL}'`, `'{"{\\"a\\":  1}",NULL}'`],
  ['xml', 'xml', "'<a/>'", "'<a/>'"],
  ['int[]', 'bigint[]', "'{}'", "'{}'"],
  ['real[]', 'double precision[]', "'{0,1.5}'", "'{0,1.5}'"],
])('%s and %s are equal where their values are: %s, %s', async (source, target, there, here) => {
  expect(keysIn(await found([source, target], [there, here]))).toEqual(nothing)
})

test.each([
  ['numeric', 'double precision', '12345678901234567890.5', '12345678901234567890.5'],
  ['text', 'text', "'a'", "'A'"],
  ['text', 'text', "''", 'null'],
  ['text', 'text', "'e' || chr(769)", "'é'"],
  ['text', 'text', "'a '", "'a'"],
  ['interval', 'interval', "'1 mon'", "'30 days'"],
  ['timestamptz', 'timestamptz', "'2026-01-05 10:00:00.123456Z'", "'2026-01-05 10:00:00.123Z'"],
  ['jsonb', 'jsonb', `'{"a": null}'`, `'{}'`],
  ['json', 'json', `'{"a": 1, "a": 2}'`, `'{"a": 2}'`],
  ['text[]', 'text[]', "'{a,b}'", "'{b,a}'"],
  ['bytea', 'bytea', "'\\x00'", "'\\x0000'"],
  ['time', 'time', "'24:00'", "'00:00'"],
  ['numeric', 'numeric', "'NaN'", 'null'],
  ['numeric', 'numeric', "'Infinity'", "'-Infinity'"],
  ['numeric[]', 'text[]', "'{NaN}'", "'{NULL}'"],
  ['double precision', 'double precision', "'NaN'", '0'],
  ['timestamp', 'timestamp', "'infinity'", "'294247-01-10 04:00:54.775807'"],
  ['date', 'date', "'0044-03-15 BC'", "'0044-03-15'"],
  ['interval', 'interval', "'1 day'", "'24 hours'"],
  ['numeric[]', 'text[]', "'{1.10}'", "'{1.11}'"],
  ['double precision', 'double precision', "'-0'", '0'],
  ['double precision[]', 'double precision[]', "'{1,-0}'", "'{1,0}'"],
  ['int[]', 'int[]', "'[0:1]={1,2}'", "'{1,2}'"],
  ['int[]', 'int[]', "'{{1,2},{3,4}}'", "'{1,2,3,4}'"],
  ['text[]', 'text[]', "'[2:3]={a,b}'", "'{a,b}'"],
  ['numeric[]', 'numeric[]', "'{{1},{2}}'", "'{1,2}'"],
])('%s and %s differ where their values do: %s, %s', async (source, target, there, here) => {
  expect(keysIn(await found([source, target], [there, here]))).toEqual({ ...nothing, different: ['1'] })
})

test('an enum, a domain and citext are the text that lands', async () => {
  await using both = await openBoth(postgres)
  await both.source.query(
    `create extension citext; create type mood as enum ('sad', 'glad'); create domain price as numeric(10,2);
     create domain net_price as price`,
  )

  expect(keysIn(await found(['mood', 'text'], ["'glad'", "'glad'"]))).toEqual(nothing)
  expect(keysIn(await found(['price', 'numeric'], ['1.50', '1.5']))).toEqual(nothing)
  expect(keysIn(await found(['net_price', 'numeric'], ['1.50', '1.5']))).toEqual(nothing)
  expect(keysIn(await found(['citext', 'text'], ["'Ann'", "'ann'"]))).toEqual({
    ...nothing,
    different: ['1'],
  })
})

test('an hstore is the jsonb that lands, NULL and quotes included', async () => {
  await using both = await openBoth(postgres)
  await both.source.query('create extension hstore')
  const value = `'"a"=>"1", "b"=>NULL, "q\\"x"=>"ü"'`

  expect(keysIn(await found(['hstore', 'jsonb'], [value, `'{"a": "1", "b": null, "q\\"x": "ü"}'`]))).toEqual(
    nothing,
  )
  expect(
    keysIn(await found(['hstore', 'jsonb'], [value, `'{"a": "1", "b": "null", "q\\"x": "ü"}'`])),
  ).toEqual({
    ...nothing,
    different: ['1'],
  })
})

test.each([
  ['bytea', 'text', "'\\x00'", "'AA=='"],
  ['boolean', 'int', 'true', '1'],
  ['timestamptz', 'bigint', 'now()', '1'],
  ['int[]', 'int', "'{1}'", '1'],
  ['point', 'text', "'(1,2)'", "'(1,2)'"],
])('%s and %s cannot be compared, and the sentence names both', async (source, target, there, here) => {
  const outcome = await found([source, target], [there, here])

  expect(outcome.kind).toBe('refused')
  expect('sentence' in outcome && outcome.sentence).toMatch(
    /^the column value \(.+ in the source, .+ in the warehouse\) is of types that cannot be compared$/,
  )
})
