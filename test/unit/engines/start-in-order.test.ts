import { expect, test } from 'vitest'
import { startInOrder } from '../../../control/engines/start-in-order.ts'
import type { Dependency, Service, Topology } from '../../../control/topology/topology.ts'

const service = (name: string, dependsOn: readonly Dependency[] = []): Service => ({
  name,
  image: `${name}:1`,
  isBuilt: false,
  command: [],
  environment: {},
  ports: [],
  mounts: [],
  dependsOn,
  health: undefined,
  profiles: [],
  stopSignal: undefined,
  stopGraceMs: 10_000,
  containersOnly: [],
})
const topology = (...services: readonly Service[]): Topology => ({
  project: 'x',
  services,
  volumes: [],
  profiles: [],
  inactive: [],
})
const onHealthy = (name: string): Dependency => ({ service: name, condition: 'service_healthy' })
const onStarted = (name: string): Dependency => ({ service: name, condition: 'service_started' })

test('a service waits for the health of what it depends on, and others do not wait for it', async () => {
  const events: string[] = []
  let becomeHealthy = () => {}
  const run = startInOrder(
    topology(service('connect', [onHealthy('kafka')]), service('kafka'), service('warehouse')),
    new AbortController().signal,
    {
      start: async ({ name }) => {
        events.push(`${name} started`)
        if (name === 'warehouse') becomeHealthy()
        if (name !== 'kafka') return { healthy: Promise.resolve() }
        return {
          healthy: new Promise<void>(resolve => {
            becomeHealthy = resolve
          }).then(() => void events.push('kafka healthy')),
        }
      },
      onWaiting: ({ name }, detail) => void events.push(`${name} ${detail}`),
    },
  )
  await run

  expect(events).toEqual([
    'connect waiting for kafka',
    'kafka started',
    'warehouse started',
    'kafka healthy',
    'connect started',
  ])
})

test('service_started does not wait for health', async () => {
  const started: string[] = []
  const never = new Promise<void>(() => {})
  const isDone = await Promise.race([
    startInOrder(topology(service('a'), service('b', [onStarted('a')])), new AbortController().signal, {
      start: async ({ name }) => {
        started.push(name)
        return { healthy: name === 'a' ? never : Promise.resolve() }
      },
      onWaiting: () => {},
    }).then(() => true),
    new Promise<boolean>(resolve => setImmediate(() => setImmediate(() => resolve(false)))),
  ])

  expect(started).toEqual(['a', 'b'])
  expect(isDone).toBe(false)
})

test('the first failure calls off the rest and is the one that is thrown', async () => {
  const started: string[] = []
  const run = startInOrder(
    topology(service('kafka'), service('connect', [onHealthy('kafka')]), service('slow')),
    new AbortController().signal,
    {
      start: async ({ name }, signal) => {
        started.push(name)
        if (name === 'kafka') throw new Error('kafka: disk full')
        return {
          healthy: new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new Error('called off'))),
          ),
        }
      },
      onWaiting: () => {},
    },
  )

  await expect(run).rejects.toThrow('kafka: disk full')
  expect(started).toEqual(['kafka', 'slow'])
})
