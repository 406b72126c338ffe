import type { Observation } from './observation.ts'

export interface ObservationFeed {
  push(observation: Observation): void
  /** The next one that comes; whoever is at work meanwhile misses some, and gets a newer one. */
  next(signal: AbortSignal): Promise<Observation>
}

/** Looks go on whether or not anybody who waits for them keeps up. */
export function createObservationFeed(): ObservationFeed {
  let waiting: readonly ((observation: Observation) => void)[] = []
  return {
    push(observation) {
      const told = waiting
      waiting = []
      for (const tell of told) tell(observation)
    },
    next: signal =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const stop = () => {
          waiting = waiting.filter(one => one !== tell)
          reject(signal.reason)
        }
        const tell = (observation: Observation) => {
          signal.removeEventListener('abort', stop)
          resolve(observation)
        }
        signal.addEventListener('abort', stop, { once: true })
        waiting = [...waiting, tell]
      }),
  }
}
