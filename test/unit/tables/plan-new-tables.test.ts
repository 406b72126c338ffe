import { expect, test } from 'vitest'
import { readPipelines } from '../../../control/pipelines/read-pipelines.ts'
import { isFlowing, obstacleOf, planNewTables } from '../../../control/tables/plan-new-tables.ts'
import { sink, source } from '../health/snapshots.ts'

const orders = { ...source, config: { ...source.config, 'table.include.list': 'sales.Orders' } }
const lake = { ...sink, config: { ...sink.config, topics: 'shop.sales.Orders' } }
const items = { schema: 'sales', table: 'Items' }

test('a new table is named to the source, and its topic to the sink of the others', () => {
  expect(planNewTables([orders, lake], { source: orders, tables: [items] })).toMatchObject({
    ways: [{ table: items, topic: 'shop.sales.Items' }],
    model: 'shop.sales.Orders',
    sourcePatch: { 'table.include.list': 'sales.Orders,sales.Items' },
    sinkPatch: { topics: 'shop.sales.Orders,shop.sales.Items' },
  })
})

test('what a pattern would understand otherwise is named as it is', () => {
  const { sourcePatch, ways } = planNewTables([orders, lake], {
    source: orders,
    tables: [{ schema: 'sales', table: 'a.b (c) 😀' }],
  })
  expect(sourcePatch).toEqual({ 'table.include.list': 'sales.Orders,sales.a\\.b \\(c\\) 😀' })
  expect(ways[0]?.topic).toMatch(/^shop\.sales\.a\.b__c____?$/)
})

test('a table that patterns name already changes no connector', () => {
  const all = { ...orders, config: { ...orders.config, 'table.include.list': 'sales.Orders,sales\\..*' } }
  const any = {
    ...lake,
    config: { 'connection.url': 'jdbc:postgresql://lake/lake', 'topics.regex': 'shop\\..*' },
  }
  expect(planNewTables([all, any], { source: all, tables: [items] })).toMatchObject({
    ...{ sourcePatch: {}, sinkPatch: {} },
  })
})

test('a table flows that is captured, published and read; one of the three is not enough', () => {
  const flows = (table: string, published: readonly string[]) =>
    isFlowing([orders, lake], {
      source: orders,
      table: { schema: 'sales', table },
      published: new Set(published),
    })
  expect(flows('Orders', ['sales.Orders'])).toBe(true)
  expect(flows('Orders', [])).toBe(false)
  expect(flows('Items', ['sales.Items'])).toBe(false)
})

test('two tables that would land in one are refused, and a name that the lists would split', () => {
  const obstacle = (schema: string, table: string) => {
    const plan = planNewTables([orders, lake], { source: orders, tables: [{ schema, table }] })
    const [way] = plan.ways
    return way && obstacleOf(way, { plan, pipelines: readPipelines({ connectors: [orders, lake] }) })
  }
  expect(obstacle('sales', 'Items')).toBeUndefined()
  expect(obstacle('other', 'Orders')).toMatch(
    /other\.Orders would land in .*Orders, where sales\.Orders lands/,
  )
  expect(obstacle('sales', 'a,b')).toMatch(/^sales\.a,b has a comma in its name/)
})

test('without a sink nobody can say where it is to go', () => {
  expect(() => planNewTables([orders], { source: orders, tables: [items] })).toThrow(
    /no sink reads a table of shop yet, so that nobody can say where sales.Items is to go/,
  )
})
