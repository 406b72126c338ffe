import { expect, test } from 'vitest'
import { canBeNamed, collectionPattern } from '../../../control/backfill/collection-pattern.ts'

const named = (table: string) => collectionPattern({ schema: 'public', table })

test('a name is a pattern to Debezium: what means something else in one is escaped', () => {
  expect(named('a$b')).toBe('public\\.a\\$b')
})

test('a name that Debezium cannot take apart is quoted, and fits nothing as a pattern', () => {
  expect(['my table', 'a.b', 'quo"te'].map(named)).toEqual([
    ...['public."my table"', 'public."a.b"', 'public."quo""te"'],
  ])
})

test('a name that would have to be both cannot be told to it', () => {
  const can = (table: string) => canBeNamed({ schema: 'public', table })
  expect(['orders', 'my table', 'a$b', 'my $ table'].map(can)).toEqual([true, true, true, false])
})
