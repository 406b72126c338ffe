import { expect, test } from 'vitest'
import { signalBatches } from '../../../control/verify/signal-batches.ts'
import type { Column, TableShape } from '../../../control/verify/store.ts'

const column = (name: string, form: Column['form']): Column => ({ name, type: form, form })
const shapeOf = (...columns: readonly Column[]): TableShape => ({
  ...{ name: 'public."T"', estimatedRows: 0 },
  columns,
  key: columns.map(({ name }) => name),
})
const filtersOf = (...args: Parameters<typeof signalBatches>) =>
  signalBatches(...args).map(({ data }) => JSON.parse(data)['additional-conditions'][0].filter)

test('integers that follow each other are one range, the others a list', () => {
  const keys = ['9', '3', '1', '2', '20', '10'].map(key => [key])

  expect(filtersOf(keys, { ...base, shape: shapeOf(column('id', 'integer')) })).toEqual([
    `"id" between '1' and '3' or "id" in ('9', '10', '20')`,
  ])
})

const base = { pattern: 'public.T', dataLength: 2048 }

test('texts and keys of several columns are quoted', () => {
  const shape = shapeOf(column('a', 'text'), column('b "x"', 'integer'))

  expect(filtersOf([["it's", '1']], { ...base, shape })).toEqual([`("a", "b ""x""") in (('it''s', '1'))`])
})

test('no signal is longer than the signal table can hold, and none of the keys is left out', () => {
  const keys = Array.from({ length: 1_000 }, (_, n) => [`key ${n}`])

  const batches = signalBatches(keys, { ...base, shape: shapeOf(column('id', 'text')) })

  expect(Math.max(...batches.map(({ data }) => data.length))).toBeLessThanOrEqual(2048)
  expect(batches.flatMap(batch => batch.keys)).toEqual(keys)
  expect(batches.length).toBeLessThan(15)
})

test('a signal names the table twice: as what is read, and as what the condition is for', () => {
  const options = {
    pattern: 'public\\.a\\$b',
    dataLength: undefined,
    shape: shapeOf(column('id', 'integer')),
  }

  const [batch] = signalBatches([['1']], options)

  expect(JSON.parse(batch?.data ?? '')).toEqual({
    type: 'incremental',
    'data-collections': ['public\\.a\\$b'],
    'additional-conditions': [{ 'data-collection': 'public\\.a\\$b', filter: `"id" in ('1')` }],
  })
})
