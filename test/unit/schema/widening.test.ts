import { expect, test } from 'vitest'
import { isWidening } from '../../../control/schema/widening.ts'
import { sourceColumn } from './shapes.ts'

const column = (type: string) => sourceColumn(1, 'c', type)

test.each([
  ['smallint', 'integer'],
  ['integer', 'bigint'],
  ['smallint', 'bigint'],
  ['character varying(20)', 'character varying(40)'],
  ['character varying(20)', 'character varying'],
  ['character varying(20)', 'text'],
  ['character varying', 'text'],
  ['numeric(6,2)', 'numeric(8,2)'],
  ['numeric(6,2)', 'numeric(8,4)'],
  ['numeric(6,2)', 'numeric'],
  ['real', 'double precision'],
  ['timestamp(3) without time zone', 'timestamp without time zone'],
])('%s → %s keeps every value', (from, to) => {
  expect(isWidening(column(from), column(to))).toBe(true)
  expect(isWidening(column(to), column(from))).toBe(false)
})

test.each([
  ['integer', 'integer'],
  ['numeric(6,2)', 'numeric(6,4)'],
  ['numeric', 'numeric(30,10)'],
  ['integer', 'numeric(10,2)'],
  ['bigint', 'double precision'],
  ['text', 'character varying(40)'],
  ['date', 'timestamp without time zone'],
  ['text', 'integer'],
])('%s → %s does not', (from, to) => {
  expect(isWidening(column(from), column(to))).toBe(false)
})
