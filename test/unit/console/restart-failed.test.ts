import { expect, test } from 'vitest'
import { createRestartCounts } from '../../../control/console/heal/restart-counts.ts'
import { restartFailed } from '../../../control/console/heal/restart-failed.ts'
import type { Observation } from '../../../control/console/watch/observation.ts'
import { createObservationFeed } from '../../../control/console/watch/observation-feed.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { judge } from '../../../control/health/judge.ts'
import type { Snapshot } from '../../../control/health/snapshot.ts'
import { systemClock } from '../../../control/system/clock.ts'
import { worldOf } from '../../support/console/worlds.ts'

const startMs = Date.UTC(2026, 0, 5, 12)
const failedWith = (cause: string) => ({
  tasks: [{ id: 0, state: 'FAILED', workerId: 'w:1', trace: `Exiting\nCaused by: ${cause}` }],
})
const ended = 'org.postgresql.util.PSQLException: FATAL: terminating connection due to administrator command'

/** The job at work, told one look after the other; gives what it said and did. */
function begin(refuses?: TribError) {
  let nowMs = startMs
  const notes: string[] = []
  const restarted: string[] = []
  const feed = createObservationFeed()
  const counts = createRestartCounts()
  const ending = new AbortController()
  const job = restartFailed({
    ...{ counts, hurry: () => {}, nextObservation: feed.next, clock: { ...systemClock, now: () => nowMs } },
    activity: { note: ({ subject, text, command }) => notes.push(`${subject} ${text} → ${command}`) },
    connect: {
      restart: async (name, options) => {
        restarted.push(`${name} ${JSON.stringify(options)}`)
        if (refuses) throw refuses
      },
    },
  })
  const done = job.run(ending.signal).catch(error => error)
  return {
    ...{ notes, restarted, counts },
    async look(afterSeconds: number, change: Parameters<typeof worldOf>[1] = {}) {
      nowMs = startMs + afterSeconds * 1000
      const snapshot: Snapshot = worldOf(['shop'], { atMs: nowMs, ...change })
      const now: Observation = { snapshot, report: judge(snapshot), flows: [], brokers: [], tookMs: 10 }
      feed.push(now)
      // What follows from a look is done in microtasks.
      await new Promise(resolve => setImmediate(resolve))
    },
    async end() {
      ending.abort('over')
      expect(await done).toBe('over')
    },
  }
}

test('a task that its warehouse failed is restarted alone, and each step is told and counted', async () => {
  const { look, notes, restarted, counts, end } = begin()
  const failed = { connectors: { lake: failedWith(ended) } }

  for (const seconds of [0, 3]) await look(seconds, failed)
  for (const seconds of [5, 20]) await look(seconds)
  await end()

  expect(restarted).toEqual(['lake {"includeTasks":true,"onlyFailed":true}'])
  expect(notes).toEqual([
    'lake task 0 is restarted, 1 of at most 8 times: the warehouse ended the session of lake (administrator command) → null',
    'lake runs again after one restart → null',
  ])
  expect(counts.all().find(({ connector }) => connector === 'lake')).toEqual({
    ...{ connector: 'lake', restarts: 1, mended: 1, isLeft: false },
  })
})

test('a task that lacks a column is left, with the command that mends it', async () => {
  const { look, notes, restarted, counts, end } = begin()
  const cause = 'java.sql.SQLException: Cannot alter table Orders because schema evolution is disabled'

  for (const seconds of [0, 5, 60]) await look(seconds, { connectors: { lake: failedWith(cause) } })
  await end()

  expect(restarted).toEqual([])
  expect(notes).toEqual([
    expect.stringMatching(
      /^lake is not restarted, as that would not mend it: the table Orders .* → npx trib follow --once && npx trib restart lake$/,
    ),
  ])
  expect(counts.all().find(({ connector }) => connector === 'lake')?.isLeft).toBe(true)
})

test('a restart that Connect refuses is told, and counts as an attempt', async () => {
  const { look, notes, end } = begin(
    new TribError('CONNECT_FAILED', 'rebalancing', { hint: 'npx trib status' }),
  )
  const failed = { connectors: { lake: failedWith(ended) } }

  for (const seconds of [0, 3, 4]) await look(seconds, failed)
  await end()

  expect(notes.slice(1)).toEqual(['lake could not be restarted: rebalancing → npx trib status'])
})
