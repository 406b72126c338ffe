import type { Clock } from '../../control/system/clock.ts'

/** Time passes only by waiting. */
export function heldClock(): Clock & { readonly waited: readonly number[] } {
  let now = 0
  const waited: number[] = []
  return {
    waited,
    now: () => now,
    wait: async (ms, signal) => {
      signal?.throwIfAborted()
      waited.push(ms)
      now += ms
    },
  }
}
