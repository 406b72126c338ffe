export interface Milestones {
  /** Resolves once that name was reached; rejects when all was given up before. */
  of(name: string): Promise<void>
  reach(name: string): void
  giveUp(reason: unknown): void
}

/** Lets steps wait for each other by name. */
export function createMilestones(names: readonly string[]): Milestones {
  const points = new Map(names.map(name => [name, createPoint()]))
  return {
    of: name => points.get(name)?.promise ?? Promise.reject(new Error(`no service '${name}' to wait for`)),
    reach: name => points.get(name)?.resolve(),
    giveUp: reason => {
      for (const point of points.values()) point.reject(reason)
    },
  }
}

function createPoint() {
  let resolve = () => {}
  let reject = (_reason: unknown) => {}
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // Giving up after the last waiter is gone is no failure of its own.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
