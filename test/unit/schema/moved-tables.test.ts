import { expect, test } from 'vitest'
import { findMoved } from '../../../control/schema/moved-tables.ts'
import { known } from './shapes.ts'

const place = { name: 'shop-db', host: 'db', port: 5432, user: 'owner', database: 'shop', isService: true }
const moved = (
  tables: readonly { oid: string; schema: string; table: string }[],
  followed: readonly string[] = [],
) => findMoved({ known: [known([])], tables, followed: new Set(followed), place })

test('a table that is where it was is not told, nor one that is followed under its new name', () => {
  expect(moved([{ oid: '7', schema: 'shop', table: 'Orders' }], ['7'])).toEqual([])
  expect(moved([{ oid: '7', schema: 'shop', table: 'Sales' }], ['7'])).toEqual([])
})

test('a table that is called otherwise is told with the way back, and the way on', () => {
  const [told] = moved([{ oid: '7', schema: 'archive', table: 'Sales' }])
  expect(told).toMatchObject({ level: 'error', object: 'shop.Orders' })
  expect(told?.sentence).toContain('npx trib add table shop-db archive.Sales')
  expect(told?.command).toBe(
    `npx trib sql shop-db 'alter table archive."Sales" set schema shop' && npx trib sql shop-db 'alter table shop."Sales" rename to "Orders"' && npx trib verify --repair --table Orders`,
  )
})

test('a table that nobody captures any more is told', () => {
  expect(moved([{ oid: '7', schema: 'shop', table: 'Orders' }])).toMatchObject([
    { level: 'warn', command: 'npx trib add table shop-db shop.Orders' },
  ])
})

test('a table that was made anew has lost its place in the publication', () => {
  expect(moved([{ oid: '8', schema: 'shop', table: 'Orders' }])[0]).toMatchObject({
    level: 'error',
    command: 'npx trib doctor --fix && npx trib verify --repair --table Orders',
  })
})

test('a table that was dropped is told, and its rows stay', () => {
  expect(moved([])).toMatchObject([{ level: 'warn', object: 'shop.Orders' }])
})
