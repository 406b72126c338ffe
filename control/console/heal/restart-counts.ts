export interface RestartCount {
  readonly connector: string
  /** Of the watcher's own, since the console started. */
  readonly restarts: number
  /** Failures after which the connector went on. */
  readonly mended: number
  /** It has failed, and the watcher does nothing more. */
  readonly isLeft: boolean
}

export interface RestartCounts {
  count(connector: string, change: Partial<Record<'restarts' | 'mended', number>>): void
  leave(connector: string, isLeft: boolean): void
  /** Connectors that are not there any more are forgotten, new ones begin at 0. */
  keepOnly(connectors: readonly string[]): void
  all(): readonly RestartCount[]
}

/** What `/metrics` says of the watcher; nothing where none runs. */
export function createRestartCounts(): RestartCounts {
  let counts: ReadonlyMap<string, RestartCount> = new Map()
  const change = (connector: string, to: (before: RestartCount) => Partial<RestartCount>) => {
    const before = counts.get(connector) ?? { connector, restarts: 0, mended: 0, isLeft: false }
    counts = new Map([...counts, [connector, { ...before, ...to(before) }]])
  }
  return {
    count: (connector, { restarts = 0, mended = 0 }) =>
      change(connector, before => ({
        restarts: before.restarts + restarts,
        mended: before.mended + mended,
      })),
    leave: (connector, isLeft) => change(connector, () => ({ isLeft })),
    keepOnly(connectors) {
      counts = new Map([...counts].filter(([name]) => connectors.includes(name)))
      for (const name of connectors) change(name, () => ({}))
    },
    all: () => [...counts.values()],
  }
}
