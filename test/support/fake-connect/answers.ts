import { type FakeCluster, type FakeConnector, typeOf } from './cluster.ts'

export interface Call {
  readonly cluster: FakeCluster
  readonly workerId: string
  readonly name: string
  readonly task: number
  readonly query: URLSearchParams
  readonly body: unknown
  readonly loggers: Map<string, string>
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
}

/** `GET /connectors/{name}/status` → what answers it. */
export type Routes = Readonly<Record<string, (call: Call) => Answer>>

export function refuse(status: number, message: string): Answer {
  return { status, body: { error_code: status, message } }
}

export function infoOf({ name, config, tasks }: FakeConnector) {
  return {
    ...{ name, config, tasks: tasks.map((_, task) => ({ connector: name, task })) },
    type: typeOf(config),
  }
}

export function statusOf({ name, config, state, tasks, isDeleted }: FakeConnector, workerId: string) {
  const version = '3.6.0.Final'
  return {
    name,
    connector: { ...state, worker_id: workerId, version },
    tasks: tasks.map((task, id) => ({ id, ...task, worker_id: workerId, version })),
    type: isDeleted ? 'unknown' : typeOf(config),
  }
}
