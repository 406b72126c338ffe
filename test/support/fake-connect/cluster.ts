import { findConnectorPlugin } from './plugins.ts'

export type Config = Record<string, string>
export type State = 'RUNNING' | 'PAUSED' | 'STOPPED'

interface Part {
  state: string
  trace?: string | undefined
}

export interface FakeConnector {
  readonly name: string
  config: Config
  /** What was asked for; the states follow. */
  target: State
  /** undefined: just created, the worker has not recorded a state yet. */
  state: Part | undefined
  tasks: Part[]
  offsets: { partition: Record<string, unknown>; offset: Record<string, unknown> }[]
  isDeleted: boolean
}

export interface FakeCluster {
  readonly connectors: Map<string, FakeConnector>
  find(name: string): FakeConnector | undefined
  put(name: string, config: Config, target?: State): void
  setTarget(connector: FakeConnector, target: State): void
  restart(
    connector: FakeConnector,
    parts: { readonly connector: boolean; readonly tasks: readonly number[] },
  ): void
  delete(connector: FakeConnector): void
  /** n connectors that run already. */
  seed(n: number): void
  close(): void
}

/** Connectors whose states follow what was asked for a moment later, as with the real one. */
export function createFakeCluster({ lagMs }: { readonly lagMs: number }): FakeCluster {
  const connectors = new Map<string, FakeConnector>()
  const timers = new Set<NodeJS.Timeout>()
  const later = (steps: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, steps * lagMs)
    timers.add(timer)
  }
  const find = (name: string) => {
    const found = connectors.get(name)
    return found?.isDeleted ? undefined : found
  }
  /** The connector first, its tasks one step after; what failed cannot be paused. */
  const follow = (connector: FakeConnector) => {
    const { target } = connector
    const isStill = () => connector.target === target && !connector.isDeleted
    // Stopping and resuming show on the connector at once, pausing together with the tasks.
    later(target === 'PAUSED' || !connector.state ? 1 : 0, () => {
      if (isStill() && connector.state?.state !== 'FAILED') connector.state = { state: target }
    })
    later(target === 'PAUSED' ? 1 : 2, () => {
      if (!isStill()) return
      if (target === 'STOPPED') connector.tasks = []
      // Tasks are made as it first runs: one that is created paused, or paused when stopped, has none.
      else if (target !== 'PAUSED' || connector.tasks.length > 0)
        connector.tasks = Array.from({ length: taskCount(connector.config) }, (_, id) => {
          const task = connector.tasks[id]
          return task?.state === 'FAILED' ? task : { state: target }
        })
    })
  }
  return {
    connectors,
    find,
    put: (name, config, target) => {
      const present = find(name)
      if (present) {
        present.config = { ...config, name }
        for (const task of present.tasks) task.state = present.target
        follow(present)
        return
      }
      const connector: FakeConnector = {
        ...{ name, config: { ...config, name }, target: target ?? 'RUNNING' },
        ...{ state: undefined, tasks: [], offsets: [], isDeleted: false },
      }
      connectors.set(name, connector)
      follow(connector)
    },
    setTarget: (connector, target) => {
      connector.target = target
      follow(connector)
    },
    restart: (connector, parts) => {
      const chosen = () => [
        ...(parts.connector && connector.state ? [connector.state] : []),
        ...parts.tasks.flatMap(id => connector.tasks[id] ?? []),
      ]
      const set = (state: () => string) => () => {
        for (const part of chosen()) Object.assign(part, { state: state(), trace: undefined })
      }
      later(
        1,
        set(() => 'RESTARTING'),
      )
      later(
        2,
        set(() => connector.target),
      )
    },
    delete: connector => {
      connector.isDeleted = true
      later(1, () => {
        if (connectors.get(connector.name) === connector) connectors.delete(connector.name)
      })
    },
    seed: n => {
      for (let index = 0; index < n; index += 1) {
        const name = `seeded-${String(index).padStart(4, '0')}`
        connectors.set(name, {
          ...{ name, config: seedConfig(name), target: 'RUNNING' },
          ...{ state: { state: 'RUNNING' }, tasks: [{ state: 'RUNNING' }], offsets: [], isDeleted: false },
        })
      }
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

export function typeOf(config: Config): string {
  return findConnectorPlugin(config['connector.class'] ?? '')?.type ?? 'unknown'
}

function taskCount(config: Config): number {
  return typeOf(config) === 'sink' ? Number(config['tasks.max'] ?? 1) : 1
}

function seedConfig(name: string): Config {
  return {
    ...{ name, 'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector', 'tasks.max': '1' },
    ...{ topics: `${name}.public.rows`, 'connection.url': 'jdbc:postgresql://127.0.0.1:5432/warehouse' },
  }
}
