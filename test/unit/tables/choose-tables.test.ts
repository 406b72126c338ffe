import { expect, test } from 'vitest'
import { chooseTables } from '../../../control/tables/choose-tables.ts'

const tables = ['orders', 'orderLines', 'a.b', 'my table', 'emo😀ji', `it's`, 'quo"te', 'flows'].map(
  table => ({
    schema: 'public',
    table,
  }),
)
const options = {
  tables: [...tables, { schema: 'other', table: 'orders' }],
  isHidden: ({ table }: { table: string }) => table === 'flows',
  service: 'shop-db',
}
const namesOf = (...words: string[]) =>
  chooseTables(words, options).map(({ table, isNamed }) => `${table.table}${isNamed ? '' : ' *'}`)

test.each([
  ['public.orders', 'orders'],
  ['"public"."orders"', 'orders'],
  ['public.my table', 'my table'],
  ['public.a.b', 'a.b'],
  ['public."a.b"', 'a.b'],
  ['public.emo😀ji', 'emo😀ji'],
  [`public.it's`, `it's`],
  ['public."quo""te"', 'quo"te'],
])('%s is the table %s', (word, table) => {
  expect(namesOf(word)).toEqual([table])
})

test('a pattern means what does not flow yet, and what is named outright is named', () => {
  expect(namesOf('public.order*', 'public.orders')).toEqual(['orders', 'orderLines *'])
  expect(namesOf('public.emo?ji')).toEqual(['emo😀ji *'])
  expect(namesOf('public.*')).not.toContain('flows *')
})

test.each([
  ['public.order', `shop-db has no table 'public.order'`, `is it 'public.orders'?`],
  ['public.ORDERS', `shop-db has no table 'public.ORDERS'`, `is it 'public.orders'?`],
  ['orders', `'orders' is not SCHEMA.TABLE`, `is it 'public.orders'?`],
  [
    'sales.x*',
    `no table of shop-db that does not flow yet is called like 'sales.x*'`,
    'tables: public.orders',
  ],
  ["public.x'; drop table orders; --", 'shop-db has no table', 'tables: '],
])('%s is refused with what may have been meant', (word, sentence, hint) => {
  expect(() => namesOf(word)).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: expect.stringContaining(sentence),
      hint: expect.stringContaining(hint),
    }),
  )
})
