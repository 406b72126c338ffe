import { expect, test } from 'vitest'
import { planNewTables } from '../../../control/tables/plan-new-tables.ts'
import { sink, source } from '../health/snapshots.ts'

const orders = { ...source, config: { ...source.config, 'table.include.list': 'sales.Orders' } }
const lake = { ...sink, config: { ...sink.config, topics: 'shop.sales.Orders' } }

test('a new table is named to the source, and its topic to the sink of the others', () => {
  const tables = [{ schema: 'sales', table: 'Items' }]
  expect(planNewTables([orders, lake], { source: orders, tables })).toMatchObject({
    topics: ['shop.sales.Items'],
    model: 'shop.sales.Orders',
    sourcePatch: { 'table.include.list': 'sales.Orders,sales.Items' },
    sinkPatch: { topics: 'shop.sales.Orders,shop.sales.Items' },
  })
})

test('a table that patterns name already changes no connector', () => {
  const all = { ...orders, config: { ...orders.config, 'table.include.list': 'sales.Orders,sales\\..*' } }
  const any = {
    ...lake,
    config: { 'connection.url': 'jdbc:postgresql://lake/lake', 'topics.regex': 'shop\\..*' },
  }
  const tables = [{ schema: 'sales', table: 'Items' }]
  expect(planNewTables([all, any], { source: all, tables })).toMatchObject({ sourcePatch: {}, sinkPatch: {} })
})

test('without a sink nobody can say where it is to go', () => {
  const tables = [{ schema: 'sales', table: 'Items' }]
  expect(() => planNewTables([orders], { source: orders, tables })).toThrow(
    /no sink reads a table of shop yet, so that nobody can say where sales.Items is to go/,
  )
})
