import { describe, expect, it } from 'vitest'
import { beatsOnlyIn } from '../../../control/health/beat-loss.ts'
import type { Span } from '../../../control/pipelines/beat-log.ts'
import { explainBeats } from '../../../control/verify/explain-beats.ts'
import { atMs, database, group, judged, read, sink, source, topics, warehouse } from './snapshots.ts'

const log = 'tributary.shop_beat_log'
const topic = `shop.${log}`
const minute = 60_000
const run = (from: number, to: number): Span => ({ fromMs: atMs + from * minute, toMs: atMs + to * minute })

interface Logs {
  readonly there: readonly Span[]
  readonly landed: readonly Span[]
  readonly lag?: number
  readonly beatAgeMs?: number
}

/** A pipeline that keeps a log of its beats. */
function look({ there, landed, lag = 0, beatAgeMs = 1_500 }: Logs) {
  const columns = [{ number: 1, name: 'tick', type: 'bigint', isNullable: false, isKey: true }]
  const table = {
    ...{ oid: '9', schema: 'tributary', table: 'shop_beat_log' },
    ...{ isPublished: true, changes: 1, columns },
  }
  return judged({
    source: {
      ...source,
      config: { ...source.config, 'table.include.list': `${source.config['table.include.list']},${log}` },
    },
    sink: { ...sink, config: { ...sink.config, topics: `${sink.config['topics']},${topic}` } },
    database: read({ ...database, beatRuns: there, tables: [...database.tables, table] }),
    warehouse: read({
      ...warehouse,
      beats: { 'the-shop': atMs - beatAgeMs },
      searchPath: [...warehouse.searchPath, 'tributary'],
      beatRuns: { shop_beat_log: landed },
      tables: [...warehouse.tables, { schema: 'tributary', table: 'shop_beat_log', changes: 1 }],
    }),
    topics: read({
      ...topics,
      [topic]: { partitions: [{ partition: 0, first: 0, end: 9 }], retentionMs: undefined },
    }),
    group: { ...group, committed: { ...group.committed, [`${topic}/0`]: 9 - lag } },
  })
}

describe('a side that is an older copy of itself', () => {
  it('is not suspected while both logs agree, whatever outages they tell of', () => {
    const runs = [run(-90, -60), run(-40, 0)]

    expect(look({ there: runs, landed: runs })).toMatchObject({ state: 'ok', rule: null })
  })

  it('is the warehouse where it lacks what the source logged; verify mends it', () => {
    const seen = look({ there: [run(-60, 0)], landed: [run(-60, -30), run(-20, 0)] })

    expect(seen).toMatchObject({ state: 'failed', rule: 'changes-lost' })
    expect(seen.cause).toBe(
      'what shop read between 2026-01-05 11:30:10 and 11:40:00 UTC is not in the warehouse: that was restored from an older copy, or these changes were skipped',
    )
    expect(seen.command).toBe('npx trib verify shop --repair')
  })

  it('is the source where the warehouse knows more of it than itself', () => {
    const seen = look({ there: [run(-60, -30), run(-20, 0)], landed: [run(-60, 0)] })

    expect(seen).toMatchObject({ state: 'failed', rule: 'source-restored' })
    expect(seen.cause).toBe(
      'what shop had between 2026-01-05 11:30:10 and 11:40:00 UTC is in the warehouse, and not there any more: it was restored from an older copy, or its deletes were not read',
    )
    expect(seen.command).toBe('npx trib verify shop --repair')
  })

  it('is read anew where its changes are skipped, as they lie behind the stored offset', () => {
    const seen = look({ there: [run(-60, -30)], landed: [run(-60, -10)], beatAgeMs: 5 * minute })

    expect(seen).toMatchObject({ rule: 'source-restored' })
    expect(seen.command).toContain('npx trib delete offsets shop --yes')
  })

  it('is not read anew once more for the two beats that a source forgets when it begins anew', () => {
    const forgotten = [run(-60, -31), { fromMs: atMs - 30.5 * minute, toMs: atMs - 10 * minute }]
    const seen = look({ there: forgotten, landed: [run(-60, -10)], beatAgeMs: 5 * minute })

    expect(seen).toMatchObject({ rule: 'source-restored' })
    expect(seen.command).toBe('npx trib verify shop --repair --yes')
  })

  it('is not suspected for what may still be on its way', () => {
    const late = { there: [run(-60, 0)], landed: [run(-60, -1)] }

    expect(look({ ...late, beatAgeMs: 35_000 }).rule).toBeNull()
    expect(look({ ...late, lag: 3 }).rule).toBeNull()
  })

  it('is not suspected for what one side has forgotten a moment before the other', () => {
    const untilMs = atMs
    expect(beatsOnlyIn([run(-60, 0)], [run(-59, 0)], { untilMs })).toBeUndefined()
    expect(beatsOnlyIn([run(-59, 0)], [run(-60, 0)], { untilMs })).toBeUndefined()
  })
})

describe('verify', () => {
  const task = { source: { name: 'shop-db' }, sourceConnector: { name: 'shop' } } as never

  it('explains by the keys of the log that differ', () => {
    const first = Date.UTC(2026, 0, 5, 11, 30, 10) / 10_000
    const missing = [[String(first + 1)], [String(first)]]
    const extra = new Map([[JSON.stringify([String(first)]), 'v']])

    expect(explainBeats(task, { missing, extra: new Map() })).toBe(
      'what shop read between 2026-01-05 11:30:10 and 11:30:30 UTC is not in the warehouse: that was restored from an older copy, or these changes were skipped',
    )
    expect(explainBeats(task, { missing, extra })).toMatch(
      /^what shop-db had between .*: it was restored from an older copy/,
    )
    expect(explainBeats(task, { missing: [], extra: new Map() })).toBeUndefined()
  })
})
