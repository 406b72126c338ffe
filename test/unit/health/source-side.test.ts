import { describe, expect, it } from 'vitest'
import type { DatabaseSight, SlotSight } from '../../../control/health/snapshot.ts'
import {
  atMs,
  database,
  emptyTopics,
  hopOf,
  judged,
  read,
  slot,
  source,
  unread,
  type World,
  warehouse,
} from './snapshots.ts'

const withSlot = (change: Partial<SlotSight>, more: Partial<DatabaseSight> = {}): World => ({
  database: read({ ...database, slot: { ...slot, ...change }, ...more }),
})
const megabyte = 1024 ** 2
const anew = 'npx trib delete offsets shop --yes'
const repair = 'npx trib verify --repair --yes'
const psqlShop = 'psql postgres://owner@db:5432/shop -c'

describe('what is wrong on the side of the source is named with its rule, its hop and the command that helps', () => {
  it.each<[string, World, string, string, string, string | null]>([
    // rule, world, hop, state, part of the cause, command
    [
      'source-database-down',
      {
        database: unread('unreachable', 'shop at db:5432: nothing listens there'),
        warehouse: read({ ...warehouse, beats: { 'the-shop': atMs - 12_000 } }),
      },
      ...(['database', 'failed', 'nothing listens there', 'npx trib config get-contexts'] as const),
    ],
    [
      'source-database-down',
      { database: unread('unreachable', 'shop at db:5432: nothing listens there') },
      ...(['database', 'unknown', 'though its changes arrive', 'npx trib config get-contexts'] as const),
    ],
    [
      'source-database-down',
      { database: unread('unreachable', 'down'), cluster: { kind: 'local' } },
      ...(['database', 'failed', 'down', 'npx trib up'] as const),
    ],
    [
      'source-database-not-in-context',
      {
        database: unread(
          'missing',
          'the context does not say',
          'npx trib config set-context prod --source X',
        ),
      },
      ...(['database', 'unknown', 'does not say', 'npx trib config set-context prod --source X'] as const),
    ],
    [
      'source-database-refuses',
      { database: unread('refused', 'permission denied') },
      ...(['database', 'unknown', 'permission denied', null] as const),
    ],
    [
      'wal-level',
      { database: read({ ...database, walLevel: 'replica' }) },
      ...(['database', 'failed', 'replica', `${psqlShop} 'alter system set wal_level = logical'`] as const),
    ],
    [
      'publication-misses-table',
      {
        database: read({
          ...database,
          tables: database.tables.map(one => ({ ...one, isPublished: one.table !== 'Orders' })),
        }),
      },
      ...(['publication', 'failed', 'misses sales."Orders"'] as const),
      `${psqlShop} 'alter publication shop_pub add table sales."Orders"' && ${repair}`,
    ],
    [
      'publication-missing',
      { database: read({ ...database, publication: undefined }) },
      ...(['publication', 'failed', 'shop_pub does not exist'] as const),
      [
        'npx trib stop shop',
        `${psqlShop} 'create publication shop_pub for table sales."Orders", ops.heartbeat, ops.signal'`,
        `${psqlShop} "select pg_drop_replication_slot('shop_slot')"`,
        anew,
        'npx trib resume shop',
        repair,
      ].join(' && '),
    ],
    [
      'slot-missing',
      { database: read({ ...database, slot: undefined }) },
      ...(['slot', 'failed', 'the slot shop_slot does not exist', `${anew} && ${repair}`] as const),
    ],
    [
      'slot-missing',
      {
        database: read({ ...database, slot: undefined }),
        source: { ...source, state: 'STOPPED', tasks: [] },
      },
      ...(['slot', 'failed', 'does not exist', `${anew} && npx trib resume shop && ${repair}`] as const),
    ],
    [
      'slot-missing',
      { database: read({ ...database, slot: undefined }), topics: read(emptyTopics) },
      ...(['slot', 'degraded', 'shop has not made its slot shop_slot', 'npx trib describe shop'] as const),
    ],
    [
      'slot-missing',
      {
        database: read({ ...database, slot: undefined }),
        warehouse: { kind: 'unreachable', reason: 'nothing listens there', command: undefined },
      },
      ...(['slot', 'failed', 'does not exist', 'npx trib config get-contexts'] as const),
    ],
    [
      'slot-lost',
      withSlot({ walStatus: 'lost', isActive: false, safeBytes: undefined }),
      ...(['slot', 'failed', 'more WAL than max_slot_wal_keep_size (100 MB)'] as const),
      `npx trib stop shop && ${psqlShop} "select pg_drop_replication_slot('shop_slot')" && ${anew} && npx trib resume shop && ${repair}`,
    ],
    [
      'slot-near-limit',
      withSlot({ retainedBytes: 75 * megabyte, safeBytes: 25 * megabyte }),
      ...([
        'slot',
        'degraded',
        'keeps 75 MB of 100 MB of WAL (75 %)',
        'npx trib restart shop --tasks all',
      ] as const),
    ],
    [
      'slot-near-limit',
      withSlot({ retainedBytes: 90 * megabyte, safeBytes: 10 * megabyte }),
      ...(['slot', 'failed', '(90 %)', 'npx trib restart shop --tasks all'] as const),
    ],
    [
      'slot-near-limit',
      withSlot({ walStatus: 'unreserved', safeBytes: -5, retainedBytes: 101 * megabyte }),
      ...(['slot', 'failed', '(100 %)', 'npx trib restart shop --tasks all'] as const),
    ],
    [
      'slot-near-limit',
      {
        ...withSlot({ retainedBytes: 80 * megabyte, safeBytes: 20 * megabyte, isActive: false }),
        source: { ...source, state: 'STOPPED', tasks: [] },
      },
      ...(['slot', 'degraded', 'as shop does not run', 'npx trib resume shop'] as const),
    ],
    [
      'slot-near-limit',
      withSlot(
        { retainedBytes: 80 * megabyte, safeBytes: 20 * megabyte },
        { oldestTransaction: { pid: 99, seconds: 4_000, state: 'idle in transaction' } },
      ),
      ...(['slot', 'degraded', '(80 %)', `${psqlShop} 'select pg_terminate_backend(99)'`] as const),
    ],
    [
      'slot-unbounded',
      withSlot({ retainedBytes: 6 * 1024 * megabyte, safeBytes: undefined, limitBytes: undefined }),
      ...([
        'slot',
        'degraded',
        '6.0 GB of WAL, and nothing limits it',
        'npx trib restart shop --tasks all',
      ] as const),
    ],
    [
      'slot-not-read',
      withSlot({ isActive: false }),
      ...(['slot', 'degraded', 'nobody reads its slot', 'npx trib restart shop --tasks all'] as const),
    ],
    [
      'slot-of-other-database',
      withSlot({ isOfOtherDatabase: true }),
      ...(['slot', 'failed', 'another database than shop'] as const),
      'npx trib patch connector shop --set slot.name=shop_slot_shop',
    ],
  ])('%s', (rule, world, hop, state, cause, command) => {
    const report = judged(world)

    expect(hopOf(report, hop as never)).toMatchObject({ rule, state, command })
    expect(hopOf(report, hop as never)?.cause).toContain(cause)
    expect(report).toMatchObject({ rule, state, command })
  })
})
