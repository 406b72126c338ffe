import type { ServiceStatus } from '../engine.ts'

interface Patience {
  /** The first service that was in trouble in every look for so long that it will not get out of it by itself. */
  firstFailed(now: readonly ServiceStatus[], options: FirstFailedOptions): ServiceStatus | undefined
}

interface FirstFailedOptions {
  /** Compose has given up already: whoever is in trouble now is the cause. */
  readonly isHurried: boolean
}

/** A container may end once because something was not there yet; the restart policy then helps. Not for ever. */
const patienceMs = 20_000

export function createPatience(clock: () => number = Date.now): Patience {
  const inTroubleSince = new Map<string, number>()
  return {
    firstFailed(now, { isHurried }) {
      for (const { service, state } of now) {
        if (state !== 'unhealthy') inTroubleSince.delete(service)
        else if (!inTroubleSince.has(service)) inTroubleSince.set(service, clock())
      }
      const limitMs = isHurried ? 0 : patienceMs
      return now.find(({ service }) => {
        const since = inTroubleSince.get(service)
        return since !== undefined && clock() - since >= limitMs
      })
    },
  }
}
