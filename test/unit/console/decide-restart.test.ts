import { expect, test } from 'vitest'
import {
  type ConnectorSight,
  decideRestart,
  type Episode,
  forgottenAfterMs,
  mendedAfterMs,
  mostAttempts,
} from '../../../control/console/heal/decide-restart.ts'

const failed: ConnectorSight = {
  ...{ name: 'lake', condition: 'failed', part: 'task 0', rule: 'session-ended', cause: 'it ended' },
  ...{ command: 'npx trib restart lake', restartMends: true, comesFirst: undefined },
}
const runs: ConnectorSight = { ...failed, condition: 'runs', part: '', rule: null }
const down = { rule: 'warehouse-down', cause: 'the warehouse does not answer', command: 'npx trib up' }

/** One look after the other, each so many seconds after the first; gives what was decided at which second. */
function watch(looks: readonly (readonly [atSeconds: number, sight: ConnectorSight])[]) {
  let episode: Episode | undefined
  const decided: string[] = []
  for (const [seconds, sight] of looks) {
    const next = decideRestart(sight, episode, seconds * 1000)
    episode = next.episode
    if (next.decision.kind !== 'nothing') decided.push(`${seconds} ${next.decision.kind}`)
  }
  return { decided, episode }
}

const everySecond = (from: number, to: number, sight: ConnectorSight) =>
  Array.from({ length: to - from }, (_, index) => [from + index, sight] as const)

test('a failure that goes on is met with growing delays, and given up once after the last attempt', () => {
  const { decided } = watch(everySecond(0, 2_000, failed))

  expect(decided).toEqual([
    ...['2 restart', '6 restart', '14 restart', '30 restart', '62 restart', '126 restart', '254 restart'],
    ...['510 restart', '511 gave-up'],
  ])
})

test('what a restart does not mend is never restarted, and said once', () => {
  const missing = { ...failed, rule: 'column-missing', restartMends: false }

  expect(watch(everySecond(0, 1_000, missing)).decided).toEqual(['0 left'])
})

test('as long as the warehouse is down no attempt is spent; then the first comes at once', () => {
  const { decided, episode } = watch([
    ...everySecond(0, 900, { ...failed, comesFirst: down }),
    ...everySecond(900, 910, failed),
  ])

  expect(decided).toEqual(['0 waits', '901 restart', '905 restart'])
  expect(episode?.attempts).toBe(2)
})

test('a restart is said to have helped once the connector has run for a while, not when it looks so', () => {
  const { decided } = watch([...everySecond(0, 3, failed), ...everySecond(3, 60, runs)])

  expect(decided).toEqual(['2 restart', `${3 + mendedAfterMs / 1000} mended`])
})

test('a failure that comes back soon goes on where it was; one after a long good time begins anew', () => {
  const upTo = (seconds: number) => [
    ...everySecond(0, 520, failed),
    ...everySecond(520, seconds, runs),
    ...everySecond(seconds, seconds + 3, failed),
  ]

  expect(watch(upTo(600)).decided.at(-1)).toBe('600 gave-up')
  expect(watch(upTo(521 + forgottenAfterMs / 1000)).episode?.attempts).toBe(1)
  expect(watch(upTo(600)).episode?.attempts).toBe(mostAttempts)
})

test('what somebody paused or stopped is in hand: nothing is done, and its past is forgotten', () => {
  const { decided, episode } = watch([[0, failed], ...everySecond(1, 99, { ...failed, condition: 'held' })])

  expect(decided).toEqual([])
  expect(episode).toBeUndefined()
})
