import { eventually } from './trib.ts'

interface ConnectorAnswer {
  readonly status?: { readonly tasks?: readonly { readonly worker_id: string; readonly state: string }[] }
}

/** Waits until the three tasks of the scenario run on two workers; gives the worker of each. */
export function untilWorkersShare(port: number): Promise<readonly string[]> {
  return eventually(
    'three running tasks on two workers',
    async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/connectors?expand=status`).then(
        response => response.json() as Promise<Record<string, ConnectorAnswer>>,
        () => undefined,
      )
      const tasks = Object.values(answer ?? {}).flatMap(({ status }) => status?.tasks ?? [])
      const workers = tasks.filter(({ state }) => state === 'RUNNING').map(task => task.worker_id)
      return workers.length === 3 && new Set(workers).size === 2 ? workers : undefined
    },
    { deadlineMs: 90_000, intervalMs: 500 },
  )
}
