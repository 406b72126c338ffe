import { expect, test } from 'vitest'
import { dropCommandOf, judgeSlot, type SlotRow, slotState } from '../../../control/slots/judge-slot.ts'
import { source } from '../health/snapshots.ts'

const row = (more: Partial<SlotRow> = {}): SlotRow => ({
  ...{
    name: 'shop_slot',
    type: 'logical',
    database: 'shop',
    isActive: false,
    isTemporary: false,
    reader: null,
  },
  ...{ walStatus: 'reserved', retainedBytes: 3_000, safeBytes: 10_000, atMs: 2_000, ...more },
})
const connector = { ...source, config: { ...source.config, 'slot.name': 'shop_slot' } }
const address = { host: 'db', port: 5432, user: 'x', database: 'shop' }
const owners = [{ connector, located: { name: 'shop-db', address } }]
const judge = (slot: SlotRow, before?: SlotRow) => judgeSlot(slot, { service: 'other-db', before, owners })

test('a slot is of the connector that names it, in its database', () => {
  expect(judge(row())).toMatchObject({ owner: connector.name, service: 'shop-db' })
})

test('one that nobody names and nobody reads is an orphan', () => {
  expect(judge(row({ name: 'left' }))).toMatchObject({ owner: 'ORPHAN', service: 'other-db' })
  expect(judge(row({ database: 'another' })).owner).toBe('ORPHAN')
})

test('one that another program reads, or that is no logical one, is theirs', () => {
  expect(judge(row({ name: 'left', isActive: true, reader: 'pg_recvlogical' })).owner).toBeNull()
  expect(judge(row({ name: 'standby', type: 'physical', database: null })).owner).toBeNull()
})

test('the time until it is full follows from how fast it grows', () => {
  expect(judge(row(), row({ atMs: 0, retainedBytes: 1_000 })).secondsUntilFull).toBe(10)
})

test('one that does not grow, or that nothing limits, is never full; one that is lost is', () => {
  expect(judge(row(), row({ atMs: 0 })).secondsUntilFull).toBeNull()
  expect(judge(row({ safeBytes: null }), row({ atMs: 0, retainedBytes: 0 })).secondsUntilFull).toBeNull()
  expect(judge(row({ walStatus: 'lost', retainedBytes: null })).secondsUntilFull).toBe(0)
})

test('a slot is well while somebody reads it, and failed when it is lost', () => {
  expect(slotState(judge(row({ isActive: true })))).toBe('ok')
  expect(slotState(judge(row()))).toBe('degraded')
  expect(slotState(judge(row({ name: 'left' })))).toBe('degraded')
  expect(slotState(judge(row({ isActive: true, walStatus: 'unreserved' })))).toBe('degraded')
  expect(slotState(judge(row({ walStatus: 'lost' })))).toBe('failed')
})

test('the command that drops a slot names the database that it is in', () => {
  expect(dropCommandOf(judge(row({ name: 'left' })))).toBe(
    `npx trib sql other-db "select pg_drop_replication_slot('left')"`,
  )
})
