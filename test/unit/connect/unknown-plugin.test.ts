import { expect, test } from 'vitest'
import { classesIn, unknownPlugin } from '../../../control/connect/unknown-plugin.ts'

const postgres = 'io.debezium.connector.postgresql.PostgresConnector'
const jdbc = 'io.debezium.connector.jdbc.JdbcSinkConnector'
const sentence = (wanted: string) => unknownPlugin(wanted, [jdbc, postgres], 'http://c').message

test.each([
  ['PostgresConector', postgres],
  ['io.debezium.connector.postgres.PostgresConnector', postgres],
  ['io.confluent.connect.jdbc.JdbcSinkConnector', jdbc],
])('what was probably meant by %s is suggested', (wanted, meant) => {
  expect(sentence(wanted)).toBe(`there is no plugin '${wanted}' on http://c; did you mean '${meant}'?`)
})

test('a plugin for another database is not suggested, however much of its package is the same', () => {
  const wanted = 'io.debezium.connector.mysql.MySqlConnector'

  expect(sentence(wanted)).toBe(`there is no plugin '${wanted}' on http://c`)
})

test('where there are many, the hint is the command that lists them', () => {
  const many = Array.from({ length: 9 }, (_, index) => `a.Plugin${index}`)

  expect(unknownPlugin('x', many, 'http://c').hint).toBe('npx trib get plugins')
})

test("the classes are read from Connect's sentence", () => {
  expect(classesIn(`available connectors are: PluginDesc{klass=class a.B, name='a.B', version='1'}`)).toEqual(
    ['a.B'],
  )
})
