import { expect, test } from 'vitest'
import { planRemoval, removalSql } from '../../../control/tables/plan-removal.ts'
import { sink, source } from '../health/snapshots.ts'

const named = (list: string) => ({ ...source, config: { ...source.config, 'table.include.list': list } })
const lake = { ...sink, config: { ...sink.config, topics: 'shop.sales.Orders,shop.sales.Items' } }
const items = { schema: 'sales', table: 'Items' }
const all = [{ schema: 'sales', table: 'Orders' }, items]

test('the table leaves the list of the source, and its topic that of the sink', () => {
  const shop = named('sales.Orders,sales.Items')
  expect(planRemoval([shop, lake], { source: shop, tables: [items], all })).toMatchObject({
    removed: [{ table: items, topic: 'shop.sales.Items' }],
    sourcePatch: { 'table.include.list': 'sales.Orders' },
    sinkPatch: { topics: 'shop.sales.Orders' },
  })
})

test('a pattern that means this table only goes; one that means others is refused', () => {
  const only = named('sales.Orders,sales\\.It.*')
  expect(planRemoval([only, lake], { source: only, tables: [items], all }).sourcePatch).toEqual({
    'table.include.list': 'sales.Orders',
  })
  const both = named('sales\\..*,other.x')
  expect(() => planRemoval([both, lake], { source: both, tables: [items], all })).toThrow(
    /captures sales\.Items by the pattern sales\\\.\.\*, as it does sales\.Orders/,
  )
})

test('the last table is refused: an empty list would capture every table', () => {
  const shop = named('sales.Items')
  expect(() => planRemoval([shop, lake], { source: shop, tables: [items], all })).toThrow(
    /would capture nothing any more/,
  )
})

test('what was there for its sake goes, and can be brought back; what was not is left', () => {
  const triggers = [{ name: 'guard', definition: 'CREATE TRIGGER guard BEFORE TRUNCATE …' }]
  expect(
    removalSql('"sales"."Items"', 'pub', { isPublished: true, triggers, readers: ['debezium'] }),
  ).toEqual([
    {
      sql: 'alter publication "pub" drop table "sales"."Items"',
      undo: 'alter publication "pub" add table "sales"."Items"',
    },
    {
      sql: 'drop trigger "guard" on "sales"."Items"',
      undo: 'CREATE TRIGGER guard BEFORE TRUNCATE …; alter table "sales"."Items" enable always trigger "guard"',
    },
    {
      sql: 'revoke select on "sales"."Items" from "debezium"',
      undo: 'grant select on "sales"."Items" to "debezium"',
    },
  ])
  expect(removalSql('"sales"."Items"', 'pub', { isPublished: false, triggers: [], readers: [] })).toEqual([])
})
