import { describe, expect, it } from 'vitest'
import { judge, needsSecondLook } from '../../../control/health/judge.ts'
import type { DatabaseSight, SlotSight, WarehouseSight } from '../../../control/health/snapshot.ts'
import {
  atMs,
  database,
  group,
  hopOf,
  judged,
  read,
  sink,
  slot,
  snapshotOf,
  source,
  unread,
  type World,
  warehouse,
} from './snapshots.ts'

const withSlot = (change: Partial<SlotSight>, more: Partial<DatabaseSight> = {}): World => ({
  database: read({ ...database, slot: { ...slot, ...change }, ...more }),
})
const landed = (change: Partial<WarehouseSight>): World => ({ warehouse: read({ ...warehouse, ...change }) })
const beatAgo = (ms: number) => landed({ beats: { 'the-shop': atMs - ms } })
const megabyte = 1024 ** 2

describe('a pipeline that is well', () => {
  it('is ok in every hop, with its lag and its freshness', () => {
    const report = judged()

    expect(report.hops.map(({ hop, state }) => [hop, state])).toEqual([
      ...[
        ['database', 'ok'],
        ['publication', 'ok'],
        ['slot', 'ok'],
        ['source', 'ok'],
      ],
      ...[
        ['topic', 'ok'],
        ['sink', 'ok'],
        ['warehouse', 'ok'],
      ],
    ])
    expect(report).toMatchObject({
      ...{ name: 'shop', state: 'ok', cause: null, command: null, source: 'shop', sink: 'lake' },
      ...{ freshnessSeconds: 1.5, lagRecords: 0, lagSeconds: 0 },
    })
    expect(report.tables[0]).toEqual({
      ...{ table: 'sales.Orders', topic: 'shop.sales.Orders', target: 'landing.Orders', isPublished: true },
      ...{ sourceChanges: 10, topicEnd: 100, targetChanges: 9, lagRecords: 0 },
    })
  })

  it('stays well when its source is idle, as the heartbeat shows', () => {
    const idle = { ...database, tables: database.tables.map(one => ({ ...one, changes: 0 })) }
    expect(judged({ database: read(idle) }, { database: read(idle), atMs: atMs - 60_000 }).state).toBe('ok')
  })

  it('counts records that the sink has not confirmed, which alone is no fault', () => {
    const behind = { ...group, committed: { 'shop.sales.Orders/0': 60 } }
    expect(judged({ group: behind })).toMatchObject({ state: 'ok', lagRecords: 90, lagSeconds: 1.5 })
  })

  it('tells its freshness by the clock of the source, however wrong that is', () => {
    const hourAhead = { ...database, skewMs: 3_600_000 }
    const world = { ...landed({ beats: { 'the-shop': atMs + 3_598_000 } }), database: read(hourAhead) }
    expect(judged(world)).toMatchObject({ state: 'ok', freshnessSeconds: 2 })
  })
})

describe('the root cause', () => {
  it('of a failed source task is its database, where that is down', () => {
    const world: World = {
      database: unread('unreachable', 'shop at db:5432: nothing listens there'),
      ...beatAgo(20_000),
      source: {
        ...source,
        tasks: [
          { id: 0, state: 'FAILED', workerId: '', trace: 'x\nCaused by: Connection to db:5432 refused' },
        ],
      },
    }
    const report = judged(world)

    expect(report.rule).toBe('source-database-down')
    expect(hopOf(report, 'source')).toMatchObject({ state: 'failed', rule: 'connection-refused' })
    expect(hopOf(report, 'slot')).toMatchObject({ state: 'unknown', rule: 'slot-unread' })
  })

  it('of a failed sink is the warehouse, where that is down', () => {
    const trace = 'x\nCaused by: java.net.ConnectException: Connection refused'
    const report = judged({
      warehouse: unread('unreachable', 'lake is down'),
      sink: { ...sink, tasks: [{ id: 0, state: 'FAILED', workerId: '', trace }] },
    })
    expect(report).toMatchObject({ state: 'failed', rule: 'warehouse-down' })
  })

  it('of a warehouse that grows old is the sink that is paused, which is no failure', () => {
    const report = judged({ ...beatAgo(120_000), sink: { ...sink, state: 'PAUSED' } })
    expect(report).toMatchObject({ state: 'degraded', rule: 'paused', command: 'npx trib resume lake' })
  })

  it('is the worst: a slot that is a little full does not hide a sink that failed', () => {
    const report = judged({
      ...withSlot({ retainedBytes: 75 * megabyte, safeBytes: 25 * megabyte }),
      sink: { ...sink, tasks: [{ id: 0, state: 'FAILED', workerId: '', trace: 'Error: strange' }] },
    })
    expect(report).toMatchObject({ state: 'failed', rule: 'task-failed' })
    expect(hopOf(report, 'slot')?.state).toBe('degraded')
  })

  it('of what is not known does not hide what is', () => {
    const report = judged({ topics: unread('missing', 'no Kafka'), sink: { ...sink, state: 'PAUSED' } })
    expect(report).toMatchObject({ state: 'degraded', rule: 'paused' })
    expect(report.lagRecords).toBeNull()
  })
})

describe('two looks', () => {
  it('tell a pipeline that is catching up from one that is stuck', () => {
    const then = { ...beatAgo(61_000), atMs: atMs - 1_000 }
    const moved = { ...then, group: { ...group, committed: { 'shop.sales.Orders/0': 50 } } }

    expect(judged(beatAgo(60_000), moved)).toMatchObject({ state: 'degraded', rule: 'stale' })
    expect(judged(beatAgo(60_000), beatAgo(60_000))).toMatchObject({ state: 'failed', rule: 'stale' })
  })

  it('tell how soon a slot is full', () => {
    const now = withSlot({ retainedBytes: 80 * megabyte, safeBytes: 20 * megabyte })
    const then = { ...withSlot({ safeBytes: 22 * megabyte }), atMs: atMs - 1_000 }
    const report = judged(now, then)

    expect(report.cause).toContain('at this rate it is lost in 10 s')
    expect(hopOf(report, 'slot')?.facts).toMatchObject({ usedPercent: 80, secondsUntilFull: 10 })
  })

  it('are wanted only where one cannot tell', () => {
    expect(needsSecondLook(judge(snapshotOf()))).toBe(false)
    expect(needsSecondLook(judge(snapshotOf(beatAgo(50_000))))).toBe(true)
    expect(
      needsSecondLook(
        judge(snapshotOf(withSlot({ retainedBytes: 60 * megabyte, safeBytes: 40 * megabyte }))),
      ),
    ).toBe(true)
  })
})

describe('the whole', () => {
  it('is failed where no Connect answers, and unknown where nothing is deployed', () => {
    const down = snapshotOf({ connectors: unread('unreachable', 'no Kafka Connect answers at x') })
    expect(judge(down)).toEqual({
      ...{ state: 'failed', cause: 'no Kafka Connect answers at x', pipelines: [] },
      command: 'npx trib config get-contexts',
    })
    expect(judge(snapshotOf({ connectors: read([]) }))).toMatchObject({ state: 'unknown', pipelines: [] })
  })

  it('is the worst of its pipelines, and connectors without one count as well', () => {
    const file = {
      ...source,
      name: 'files',
      state: 'FAILED',
      config: { 'connector.class': 'FileStreamSource' },
    }
    const report = judge(snapshotOf({ connectors: read([source, sink, file]) }))

    expect(report.state).toBe('failed')
    expect(report.pipelines.map(({ name, state }) => [name, state])).toEqual([
      ['shop', 'ok'],
      ['files', 'failed'],
    ])
    expect(report.pipelines[1]?.hops.map(({ hop }) => hop)).toEqual(['source'])
  })

  it('names the cluster in its commands as it was named on the command line', () => {
    const paused = { sink: { ...sink, state: 'PAUSED' } }
    const command = (cluster: World['cluster']) =>
      judged({ ...paused, ...(cluster ? { cluster } : {}) }).command

    expect(command({ contextOption: 'prod' })).toBe('npx trib resume -c prod lake')
    expect(command({ stackOption: 'dev' })).toBe('npx trib resume --stack dev lake')
    expect(command({ stackOption: 'default' })).toBe('npx trib resume lake')
  })

  it('knows nothing of freshness without a heartbeat, and says so', () => {
    const { 'heartbeat.action.query': _query, ...config } = source.config
    expect(judged({ source: { ...source, config } })).toMatchObject({ state: 'ok', freshnessSeconds: null })
  })
})
