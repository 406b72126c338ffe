import { expect, test } from 'vitest'
import { TribError } from '../../../control/errors/trib-error.ts'
import type { Clock } from '../../../control/system/clock.ts'
import { retry, waitFor } from '../../../control/system/retry.ts'

/** Time passes only by waiting. */
function heldClock(): Clock {
  let now = 0
  return {
    now: () => now,
    wait: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
    },
  }
}
const busy = () => new TribError('CONNECT_FAILED', 'rebalancing', { isRetriable: true })

test('what may be repeated is repeated until it works', async () => {
  let calls = 0
  const attempt = async () => {
    calls += 1
    if (calls < 4) throw busy()
    return 'done'
  }

  expect(await retry(attempt, { deadlineMs: 60_000, clock: heldClock() })).toBe('done')
  expect(calls).toBe(4)
})

test('what may not be repeated is thrown at once', async () => {
  let calls = 0
  const attempt = async () => {
    calls += 1
    throw new TribError('CONNECT_FAILED', 'unknown class')
  }

  await expect(retry(attempt, { deadlineMs: 60_000, clock: heldClock() })).rejects.toThrow('unknown class')
  expect(calls).toBe(1)
})

test('after the deadline the last error is thrown', async () => {
  await expect(
    retry(() => Promise.reject(busy()), { deadlineMs: 5_000, clock: heldClock() }),
  ).rejects.toThrow('rebalancing')
})

test('a wait that ends says what was awaited and what was seen last', async () => {
  const look = async () => ({ pending: 'port closed' })

  await expect(
    waitFor(look, { what: 'connect to answer', deadlineMs: 3_000, clock: heldClock() }),
  ).rejects.toThrow('waited 3 s for connect to answer; last seen: port closed')
})

test('an abort ends a wait with its reason', async () => {
  const controller = new AbortController()
  controller.abort(new TribError('INTERRUPTED', 'ended by ^C'))

  const wait = waitFor(async () => ({ pending: 'no' }), {
    what: 'x',
    deadlineMs: 1_000,
    signal: controller.signal,
  })
  await expect(wait).rejects.toThrow('ended by ^C')
})
