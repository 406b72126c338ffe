import { expect, test } from 'vitest'
import { isAbout } from '../../../control/tables/look-with-plan.ts'

const way = {
  table: { schema: 'public', table: 'my table' },
  topic: 'shop.public.my_table',
  target: { schema: undefined, table: 'my_table' },
}

test.each([
  ['shop public.my table', 'it has no key', true],
  ['sink public.my_table', 'it is not in the warehouse', true],
  ['shop public.other', 'public.other and public.my table are both written to one topic', true],
  ['shop', 'the publication does not have public.my table: its changes never come', true],
  ['shop public.my tables', 'it has no key', false],
  ['shop', 'the publication does not have public.my tables: its changes never come', false],
  ['shop', 'wal_level is replica', false],
])('%s: %s: is it about the table? %s', (object, message, is) => {
  expect(isAbout({ object, message }, way)).toBe(is)
})
