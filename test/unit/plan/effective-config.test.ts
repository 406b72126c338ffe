import { describe, expect, it } from 'vitest'
import type { KeyDefinition } from '../../../control/connect/connect-api.ts'
import { differingKeys } from '../../../control/plan/effective-config.ts'

function differs(key: string, type: string, [from, to]: readonly [string | undefined, string | undefined]) {
  const keys = new Map<string, KeyDefinition>([[key, definition(key, type, undefined)]])
  const side = (value: string | undefined) => ({ config: value === undefined ? {} : { [key]: value }, keys })
  return differingKeys(side(from), side(to)).length > 0
}

const definition = (name: string, type: string, defaultValue: string | undefined): KeyDefinition => ({
  name,
  type,
  defaultValue,
  isRequired: false,
  importance: 'LOW',
  documentation: '',
})

describe('differingKeys', () => {
  it.each([
    ['INT', 'poll', '1', '01'],
    ['LONG', 'poll', '9223372036854775807', '09223372036854775807'],
    ['SHORT', 'poll', '-0', '0'],
    ['DOUBLE', 'ratio', '1', '1.0'],
    ['DOUBLE', 'ratio', '1e3', '1000'],
    ['BOOLEAN', 'flag', 'TRUE', 'true'],
    ['LIST', 'table.include.list', 'public.A, public.B', 'public.B,public.A'],
    ['LIST', 'topics', 'a,b,a', 'b , a'],
    ['LIST', 'schema.include.list', 'a,b', 'b,a'],
    ['LIST', 'column.propagate.source.type', 'a,b', 'b,a'],
    ['LIST', 'errors.some.list', 'a,b', 'b,a'],
    ['LIST', 'transforms', 'a, b', 'a,b'],
    ['STRING', 'connector.class', 'PostgresConnector', 'io.debezium.connector.postgresql.PostgresConnector'],
    ['STRING', 'connector.class', 'io.debezium.connector.postgresql.PostgresConnector', 'Postgres'],
    ['STRING', 'connector.class', 'Postgres', 'PostgresConnector'],
    ['UNHEARD-OF', 'x', 'a', 'a'],
  ])('%s %s: %s is the same as %s', (type, key, from, to) => {
    expect(differs(key, type, [from, to])).toBe(false)
  })

  it.each([
    ['INT', 'poll', '1', '2'],
    ['INT', 'poll', '1', '1.0'],
    ['INT', 'poll', '1', '${env:ONE}'],
    ['LONG', 'poll', '9223372036854775807', '9223372036854775806'],
    ['DOUBLE', 'ratio', '1', ''],
    ['BOOLEAN', 'flag', 'true', 'false'],
    ['BOOLEAN', 'flag', 'Yes', 'yes'],
    ['LIST', 'transforms', 'a,b', 'b,a'],
    ['LIST', 'topic.creation.groups', 'a,b', 'b,a'],
    ['LIST', 'transforms.h.headers', 'a,b', 'b,a'],
    ['LIST', 'topics', 'a,b', 'a,c'],
    ['LIST', 'table.include.list', 'a\\,b', 'b,a\\'],
    ['STRING', 'name', 'a', 'A'],
    ['STRING', 'name', 'a', 'a '],
    ['CLASS', 'value.converter', 'JsonConverter', 'org.apache.kafka.connect.json.JsonConverter'],
    ['STRING', 'connector.class', 'io.debezium.JdbcSinkConnector', 'io.confluent.JdbcSinkConnector'],
    ['PASSWORD', 'database.password', '${env:A}', '${env:B}'],
    ['UNHEARD-OF', 'x', '1', '01'],
  ])('%s %s: %s is not the same as %s', (type, key, from, to) => {
    expect(differs(key, type, [from, to])).toBe(true)
  })

  it('takes what is missing for its default, on either side', () => {
    const keys = new Map([['poll', definition('poll', 'LONG', '500')]])
    const empty = { config: {}, keys }
    const spelledOut = { config: { poll: '0500' }, keys }

    expect(differingKeys(empty, spelledOut)).toEqual([])
    expect(differingKeys(spelledOut, empty)).toEqual([])
    expect(differingKeys({ config: { poll: '10' }, keys }, empty)).toEqual([
      { key: 'poll', from: '10', to: undefined, effectiveFrom: '10', effectiveTo: '500' },
    ])
  })

  it('sees a missing key without a default as missing', () => {
    const keys = new Map([['snapshot.fetch.size', definition('snapshot.fetch.size', 'INT', undefined)]])

    expect(
      differingKeys({ config: {}, keys }, { config: { 'snapshot.fetch.size': '1' }, keys }),
    ).toHaveLength(1)
  })

  it('gives the keys sorted', () => {
    const side = (config: Record<string, string>) => ({ config, keys: new Map() })

    expect(differingKeys(side({ b: '1', c: '1' }), side({ a: '1' })).map(({ key }) => key)).toEqual([
      'a',
      'b',
      'c',
    ])
  })
})
