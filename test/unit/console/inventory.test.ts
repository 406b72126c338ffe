import { expect, test } from 'vitest'
import type { Backfill } from '../../../control/backfill/read-backfills.ts'
import type { LetterGroup } from '../../../control/bad-records/group-letters.ts'
import { createFollower } from '../../../control/console/inventory/backfill-reader.ts'
import { createInventory } from '../../../control/console/inventory/inventory.ts'
import { createLetterKeeper } from '../../../control/console/inventory/letter-reader.ts'
import { toTableRows } from '../../../control/console/inventory/table-rows.ts'
import type { Observation } from '../../../control/console/watch/observation.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { judge } from '../../../control/health/judge.ts'
import type { GroupSight, Snapshot } from '../../../control/health/snapshot.ts'
import { systemClock } from '../../../control/system/clock.ts'
import { worldOf } from '../../support/console/worlds.ts'

const seenAs = (change: Partial<Snapshot> = {}): Observation => {
  const snapshot = { ...worldOf(['shop']), ...change }
  return { snapshot, report: judge(snapshot), flows: [], brokers: [], tookMs: 1 }
}
const slot = {
  ...{ slot: 'left', service: 'shop-db', database: 'shop', owner: 'ORPHAN', active: false, reader: null },
  ...{ retainedBytes: 1, walStatus: 'reserved', safeBytes: null, secondsUntilFull: null },
}
const nothing = async () => ({ items: [], problems: [] })

/** Time goes on when a reader says so. */
function setUp(slots: () => Promise<{ items: (typeof slot)[]; problems: string[] }>) {
  let nowMs = 0
  const clock = { ...systemClock, now: () => nowMs }
  const taker = createInventory({ readers: { slots, backfills: nothing, letters: nothing }, clock })
  return {
    taker,
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

test('an inventory is taken every five seconds while a page is open, every thirty otherwise', async () => {
  let taken = 0
  const { taker, pass } = setUp(async () => {
    taken += 1
    return { items: [], problems: [] }
  })
  const consider = async (isWatched: boolean) => {
    await taker.consider(seenAs(), { isWatched })
    return taken
  }

  expect(await consider(false)).toBe(1)
  pass(4_900)
  expect(await consider(true)).toBe(1)
  pass(200)
  expect(await consider(false)).toBe(1)
  expect(await consider(true)).toBe(2)
  pass(30_000)
  expect(await consider(false)).toBe(3)
})

test('one that took long is taken as much rarer: at most a tenth of the time is spent on it', async () => {
  let taken = 0
  const { taker, pass } = setUp(async () => {
    taken += 1
    pass(2_000)
    return { items: [], problems: [] }
  })

  await taker.consider(seenAs(), { isWatched: true })
  pass(17_000)
  await taker.consider(seenAs(), { isWatched: true })
  expect(taken).toBe(1)
  pass(1_001)
  await taker.consider(seenAs(), { isWatched: true })
  expect(taken).toBe(2)
})

test('a part that cannot be read keeps what it had, and says why', async () => {
  const answers = [
    async () => ({ items: [slot], problems: [] }),
    () => Promise.reject(new TribError('DATABASE_FAILED', 'nothing listens there')),
  ]
  const { taker, pass } = setUp(() => (answers.shift() ?? nothing)())

  await taker.consider(seenAs(), { isWatched: true })
  pass(6_000)
  await taker.consider(seenAs(), { isWatched: true })

  expect(taker.last()).toMatchObject({
    slots: [slot],
    problems: { slots: ['nothing listens there'], backfills: [], letters: [] },
  })
})

const group = (deadLetterMark: string | undefined): Snapshot['groups'] => {
  const sight: GroupSight = { group: 'g', committed: {}, retentionUsed: {}, deadLetterMark }
  return { kind: 'read', value: { lake: sight } }
}

test('dead letters are read when there are some, again when they changed, and kept while nobody can look', async () => {
  const letters = (connector: string): LetterGroup => ({
    ...{ connector, topic: 't', stage: 's', cause: 'c', records: 1, open: 1, letters: [] },
  })
  const asked: string[] = []
  const read = createLetterKeeper(async ({ name }) => {
    asked.push(name)
    return [letters(name)]
  })
  const countWith = async (groups: Snapshot['groups']) => {
    const { items } = await read(seenAs({ groups }))
    return [items.length, asked.length]
  }

  expect(await countWith(group(undefined))).toEqual([0, 0])
  expect(await countWith(group('one'))).toEqual([1, 1])
  expect(await countWith(group('one'))).toEqual([1, 1])
  expect(await countWith({ kind: 'unreachable', reason: 'no', command: undefined })).toEqual([1, 1])
  expect(await countWith(group('two'))).toEqual([1, 2])
  expect(await countWith(group(undefined))).toEqual([0, 2])
})

test('the time left follows from the speed since it ran; a pause and a second reading begin anew', () => {
  const follow = createFollower()
  const leftAfter = (seconds: number, percent: number | null, state: Backfill['state'] = 'running') => {
    const seen = { source: 'shop', table: 'sales.Orders', where: null, rows: 1_000, percent, state }
    return follow([seen], seconds * 1_000)[0]?.secondsLeft
  }

  expect(leftAfter(0, 10)).toBeNull()
  expect(leftAfter(10, 30)).toBe(35)
  expect(leftAfter(20, 30, 'paused')).toBeNull()
  expect(leftAfter(30, 30)).toBeNull()
  expect(leftAfter(40, 40)).toBe(60)
  expect(leftAfter(50, 5)).toBeNull()
  expect(leftAfter(60, null)).toBeNull()
})

test('of the tables those of the user are listed, with where they land', () => {
  expect(toTableRows(seenAs())).toEqual([
    {
      ...{
        pipeline: 'shop',
        table: 'sales.Orders',
        target: 'landing.Orders',
        lagRecords: 0,
        isPublished: true,
      },
      ...{ inPerSecond: null, outPerSecond: null },
    },
  ])
})
