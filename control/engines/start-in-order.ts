import type { Service, Topology } from '../topology/topology.ts'

interface Task {
  readonly started: Promise<void>
  readonly healthy: Promise<void>
}

interface StartSteps {
  /** Starts one service; resolves once it runs, with a promise of its health. */
  readonly start: (service: Service, signal: AbortSignal) => Promise<{ readonly healthy: Promise<void> }>
  readonly onWaiting: (service: Service, detail: string) => void
}

/** Starts every service as soon as what it depends on allows; the first failure calls off the rest and is thrown. */
export async function startInOrder(
  topology: Topology,
  signal: AbortSignal,
  { start, onWaiting }: StartSteps,
): Promise<void> {
  const callOff = new AbortController()
  const groupSignal = AbortSignal.any([signal, callOff.signal])
  const tasks = new Map<string, Task>()

  const taskOf = (service: Service): Task => {
    const known = tasks.get(service.name)
    if (known) return known
    const waits = service.dependsOn.map(({ service: name, condition }) => {
      const dependency = topology.services.find(candidate => candidate.name === name)
      if (!dependency) throw new Error(`${service.name} depends on ${name}, which is not in the topology`)
      const task = taskOf(dependency)
      return condition === 'service_healthy' ? task.healthy : task.started
    })
    const running = Promise.all(waits).then(() => {
      groupSignal.throwIfAborted()
      return start(service, groupSignal)
    })
    const task = { started: running.then(() => undefined), healthy: running.then(({ healthy }) => healthy) }
    // Whoever waits for it sees the failure; that nobody does is no failure of its own.
    task.started.catch(() => {})
    if (waits.length > 0)
      onWaiting(service, `waiting for ${service.dependsOn.map(({ service: name }) => name).join(', ')}`)
    tasks.set(service.name, task)
    return task
  }

  const outcomes = topology.services.map(service => taskOf(service).healthy)
  // The failure that came first is the cause; those that follow from calling off the rest are not.
  let first: { readonly error: unknown } | undefined
  await Promise.allSettled(
    outcomes.map(outcome =>
      outcome.catch(error => {
        first ??= { error }
        callOff.abort(error)
      }),
    ),
  )
  signal.throwIfAborted()
  if (first) throw first.error
}
