import { describe, expect, it } from 'vitest'
import type { WarehouseSight } from '../../../control/health/snapshot.ts'
import {
  atMs,
  group,
  hopOf,
  judged,
  read,
  sink,
  source,
  topics,
  unread,
  type World,
  warehouse,
} from './snapshots.ts'

const landed = (change: Partial<WarehouseSight>): World => ({ warehouse: read({ ...warehouse, ...change }) })
const beatAgo = (ms: number) => landed({ beats: { 'the-shop': atMs - ms } })
const anew = 'npx trib delete offsets shop --yes && npx trib verify --repair --yes'

const missingHint = 'npx trib config set-context prod --warehouse URL'

describe('what is wrong from the connectors to the warehouse is named with its rule, its hop and the command that helps', () => {
  it.each<[string, World, string, string, string, string | null]>([
    [
      'paused',
      { source: { ...source, state: 'PAUSED' } },
      ...(['source', 'degraded', 'shop is paused', 'npx trib resume shop'] as const),
    ],
    [
      'stopped',
      { sink: { ...sink, state: 'STOPPED', tasks: [] } },
      ...(['sink', 'degraded', 'lake is stopped', 'npx trib resume lake'] as const),
    ],
    [
      'no-task',
      { sink: { ...sink, tasks: [] } },
      ...(['sink', 'degraded', 'has no task', 'npx trib restart lake --tasks all'] as const),
    ],
    [
      'not-running-yet',
      { sink: { ...sink, state: 'UNASSIGNED' } },
      ...(['sink', 'degraded', 'UNASSIGNED', 'npx trib describe connector lake'] as const),
    ],
    [
      'kafka-not-in-context',
      { topics: unread('missing', 'no Kafka', 'npx trib config set-context prod --kafka H:9092') },
      ...(['topic', 'unknown', 'no Kafka', 'npx trib config set-context prod --kafka H:9092'] as const),
    ],
    [
      'kafka-down',
      { topics: unread('unreachable', 'the brokers at k:9092 could not be asked') },
      ...(['topic', 'failed', 'the brokers', 'npx trib config get-contexts'] as const),
    ],
    [
      'kafka-refuses',
      { topics: unread('refused', 'not authorised') },
      ...(['topic', 'unknown', 'not authorised', null] as const),
    ],
    [
      'topic-missing',
      { topics: read({ 'shop.ops.heartbeat': topics['shop.ops.heartbeat'] as never }) },
      ...(['topic', 'failed', 'shop writes to shop.sales.Orders, which does not exist'] as const),
      'npx trib get topics shop',
    ],
    [
      'no-sink',
      { sink: undefined },
      ...([
        'sink',
        'degraded',
        'no deployed sink reads what shop writes',
        'npx trib get connectors -o wide',
      ] as const),
    ],
    [
      'topic-without-source',
      {
        source: undefined,
        topics: read({
          'shop.sales.Orders': { partitions: [{ partition: 0, first: 0, end: 0 }], retentionMs: 1 },
          'shop.ops.heartbeat': { partitions: [{ partition: 0, first: 0, end: 9 }], retentionMs: 1 },
        }),
      },
      ...(['topic', 'degraded', 'lake reads shop.sales.Orders, to which no deployed source writes'] as const),
      'npx trib get connectors -o wide',
    ],
    [
      'records-expired',
      {
        topics: read({
          ...topics,
          'shop.sales.Orders': { partitions: [{ partition: 0, first: 40, end: 100 }], retentionMs: 1 },
        }),
        group: { ...group, committed: { 'shop.sales.Orders/0': 30 } },
      },
      ...(['sink', 'failed', '10 records of shop.sales.Orders were deleted by its retention', anew] as const),
    ],
    [
      'records-skipped',
      { group: { ...group, putAside: 2 } },
      ...(['sink', 'degraded', '2 records that lake could not land', 'npx trib dlq replay lake'] as const),
    ],
    [
      'lag-near-retention',
      { group: { ...group, retentionUsed: { 'shop.sales.Orders/0': 0.7 } } },
      ...(['sink', 'degraded', 'older than 70 % of the 7 d', 'npx trib restart lake --tasks all'] as const),
    ],
    [
      'lag-near-retention',
      {
        sink: { ...sink, state: 'PAUSED' },
        group: { ...group, retentionUsed: { 'shop.sales.Orders/0': 0.9 } },
      },
      ...(['sink', 'failed', 'as lake is paused', 'npx trib resume lake'] as const),
    ],
    [
      'warehouse-not-in-context',
      { warehouse: unread('missing', 'does not say where its warehouse is', missingHint) },
      ...(['warehouse', 'unknown', 'does not say where', missingHint] as const),
    ],
    [
      'warehouse-down',
      {
        warehouse: unread('unreachable', 'lake at lake:5432: nothing listens there'),
        cluster: { kind: 'local' },
      },
      ...(['warehouse', 'failed', 'nothing listens', 'npx trib up'] as const),
    ],
    [
      'warehouse-refuses',
      { warehouse: unread('refused', 'database "lake" does not exist') },
      ...(['warehouse', 'unknown', 'does not exist', null] as const),
    ],
    [
      'landing-table-missing',
      landed({ tables: warehouse.tables.filter(one => one.table !== 'Orders') }),
      ...(['warehouse', 'failed', 'no table Orders, in which shop.sales.Orders lands'] as const),
      'psql postgres://owner@lake:5432/lake -c \'create table landing."Orders" (id bigint not null, total numeric(10,2), primary key (id)); grant select, insert, update, delete on landing."Orders" to writer\' && npx trib restart lake',
    ],
    [
      'never-arrived',
      landed({ beats: {} }),
      ...([
        'warehouse',
        'degraded',
        'no heartbeat of shop has ever reached',
        'npx trib restart shop --tasks all',
      ] as const),
    ],
    [
      'stale',
      beatAgo(47_000),
      ...(['warehouse', 'failed', 'nothing has arrived for 47 s: shop has not sent it'] as const),
      'npx trib restart shop --tasks all',
    ],
    [
      'stale',
      { ...beatAgo(47_000), group: { ...group, committed: { 'shop.ops.heartbeat/0': 20 } } },
      ...(['warehouse', 'failed', 'lake has not taken it', 'npx trib restart lake --tasks all'] as const),
    ],
  ])('%s', (rule, world, hop, state, cause, command) => {
    const report = judged(world)

    expect(hopOf(report, hop as never)).toMatchObject({ rule, state, command })
    expect(hopOf(report, hop as never)?.cause).toContain(cause)
    expect(report).toMatchObject({ rule, state, command })
  })
})
