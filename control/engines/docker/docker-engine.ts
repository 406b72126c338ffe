import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import type { Stack } from '../../stack/stack.ts'
import { type Outlook, waitFor } from '../../system/retry.ts'
import { runProgram } from '../../system/run-program.ts'
import type { Service, Topology } from '../../topology/topology.ts'
import type {
  Engine,
  LogOptions,
  PrepareOptions,
  ServiceStatus,
  StartOptions,
  StopOptions,
} from '../engine.ts'
import { checkPorts } from '../port-check.ts'
import { runCompose } from './docker-cli.ts'
import { installImages } from './images.ts'
import { installJmxAgent } from './jmx-agent.ts'
import { createPatience } from './patience.ts'

const containerSchema = z.object({
  ID: z.string(),
  Service: z.string(),
  State: z.string(),
  Health: z.string(),
  ExitCode: z.number(),
})
type Container = z.infer<typeof containerSchema>

interface DockerEngineOptions {
  readonly stack: Stack
  readonly topology: Topology
  readonly profiles: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly settings: ReadonlyMap<string, string>
}

export function createDockerEngine(options: DockerEngineOptions): Engine {
  const { stack, topology, profiles, settings } = options
  // Settings go by the environment, so that the engine sees just what `trib` read; no other .env is looked at.
  const env = { ...options.env, ...Object.fromEntries(settings) }
  const base = [
    ...['--project-name', stack.id, '--env-file', '/dev/null', '--file', stack.composeFile],
    ...profiles.flatMap(profile => ['--profile', profile]),
  ]
  const compose = (args: readonly string[], signal?: AbortSignal) =>
    runCompose(base, args, { env, cwd: stack.root, signal })

  const containers = async (signal?: AbortSignal): Promise<Map<string, Container>> => {
    const output = await compose(['ps', '--all', '--format', 'json'], signal)
    const lines = output.trim().split('\n').filter(Boolean)
    return new Map(
      lines
        .map(line => containerSchema.parse(JSON.parse(line)))
        .map(container => [container.Service, container]),
    )
  }
  const status = async (signal?: AbortSignal): Promise<ServiceStatus[]> => {
    const byName = await containers(signal)
    return topology.services.map(service => toStatus(service, byName.get(service.name)))
  }

  const failure = async ({ service, detail }: ServiceStatus) => {
    const { stdout } = await runProgram(
      'docker',
      ['compose', ...base, 'logs', '--no-log-prefix', '--tail', '8', service],
      { env, cwd: stack.root },
    )
    return new TribError(
      'SERVICE_FAILED',
      `${service}: ${detail}; its log ends with:\n${stripVTControlCharacters(stdout).trimEnd()}`,
      {
        hint: `npx trib logs ${service}`,
      },
    )
  }

  return {
    kind: 'docker',
    topology,

    async prepare({ signal, onProgress }: PrepareOptions) {
      const running = new Set(
        (await status(signal)).filter(({ id }) => id !== undefined).map(({ service }) => service),
      )
      const published = new Set(
        topology.services.flatMap(({ ports }) => ports.map(({ variable }) => variable)),
      )
      const ports = new Map([...settings].filter(([name]) => published.has(name)))
      await checkPorts(topology, ports, name => running.has(name))
      await installImages({ topology, env, compose, signal, onProgress })
      await installJmxAgent({ root: stack.root, topology, env, signal, onProgress })
    },

    async start({ signal, onChange, onStarted }: StartOptions) {
      const before = new Map((await status(signal)).map(one => [one.service, one]))
      const isNew = (one: ServiceStatus) => {
        const earlier = before.get(one.service)
        return one.state !== 'stopped' && (earlier?.id !== one.id || earlier?.state === 'stopped')
      }
      const reported = new Set<string>()
      const report = (now: readonly ServiceStatus[]) => {
        for (const one of now) {
          onChange(one)
          if (!isNew(one) || reported.has(one.service)) continue
          reported.add(one.service)
          onStarted(one.service)
        }
      }
      // Without --wait: each service's health is reported as it comes, and others go on meanwhile.
      const callOff = new AbortController()
      const startAll = () =>
        settled(compose(['up', '--detach', '--quiet-pull'], AbortSignal.any([signal, callOff.signal])))
      let up = startAll()
      let attempts = 1
      const patience = createPatience()
      const look = async (): Promise<Outlook<true>> => {
        const { isDone, error } = up.state()
        const now = await status(signal)
        report(now)
        // Compose gives up when a dependency ends once, though the restart policy brings it back.
        const cause = error === undefined ? undefined : endedDependency(error, now)
        if (cause && attempts < maxAttempts) {
          attempts += 1
          up = startAll()
          return { pending: `${cause.service}: ended once and was started again` }
        }
        const inTrouble = patience.firstFailed(now, { isHurried: error !== undefined })
        if (inTrouble) throw await failure(inTrouble)
        if (cause) throw await failure({ ...cause, detail: 'it ends again and again' })
        if (error !== undefined) throw error
        const pending = now.filter(({ state }) => state !== 'healthy')
        if (isDone && pending.length === 0) return { done: true }
        return {
          pending: pending.map(({ service, detail }) => `${service}: ${detail}`).join('; ') || 'starting',
        }
      }
      try {
        const what = 'all containers to become healthy'
        await waitFor(look, { what, deadlineMs: 300_000, intervalMs: 500, signal, hint: 'npx trib status' })
      } catch (error) {
        // Compose must not go on starting what is being called off; what it had started by then is reported.
        callOff.abort(error)
        await up.end
        report(await status())
        throw error
      }
    },

    status: () => status(),

    async stop({ services, isRemovingData = false, onChange }: StopOptions) {
      const running = (await status())
        .filter(({ state }) => state !== 'stopped')
        .map(({ service }) => service)
      const chosen = running.filter(name => !services || services.includes(name))
      for (const name of chosen) onChange?.(name, 'stopping')
      if (services && chosen.length > 0) await compose(['stop', ...chosen])
      // In one go: volumes that an image declares are found only while their containers are.
      if (!services) await compose(['down', '--remove-orphans', ...(isRemovingData ? ['--volumes'] : [])])
      for (const name of chosen) onChange?.(name, 'stopped')
      return chosen
    },

    async logs(service, { isFollowing, tail, signal, write }: LogOptions) {
      const args = [
        'logs',
        '--no-log-prefix',
        ...(isFollowing ? ['--follow'] : []),
        ...(tail === undefined ? [] : ['--tail', String(tail)]),
        service.name,
      ]
      const { code, stderr } = await runProgram('docker', ['compose', ...base, ...args], {
        env,
        cwd: stack.root,
        signal,
        onLine: line => write(`${line}\n`),
      }).catch(error => (signal.aborted ? { code: 0, stderr: '' } : Promise.reject(error)))
      if (code !== 0)
        throw new TribError('STACK_NOT_RUNNING', `${service.name} has no log: ${stderr.trim()}`, {
          hint: 'npm run up',
        })
    },
  }
}

function toStatus(
  { name: service, health: check }: Service,
  container: Container | undefined,
): ServiceStatus {
  if (!container) return { service, state: 'stopped', detail: '', id: undefined }
  const { ID: id, State: state, Health: health, ExitCode: exitCode } = container
  switch (state) {
    case 'running':
      // Before its first check a container shows no health at all.
      if (health === 'healthy' || !check) return { service, state: 'healthy', detail: '', id }
      return {
        service,
        state: health === 'unhealthy' ? 'unhealthy' : 'starting',
        detail: `its health check says ${health || 'nothing yet'}`,
        id,
      }
    case 'restarting':
      return {
        service,
        state: 'unhealthy',
        detail: 'it ends again and again',
        id,
      }
    case 'created':
      return { service, state: 'starting', detail: 'waiting for what it depends on', id }
    default:
      return { service, state: 'stopped', detail: exitCode === 0 ? '' : `ended with code ${exitCode}`, id }
  }
}

/** How often `compose up` is begun before a service that ends is called broken. */
const maxAttempts = 3

/** The service that Compose waited for in vain: "dependency failed to start: container x-kafka-1-1 is unhealthy". */
function endedDependency(error: unknown, now: readonly ServiceStatus[]): ServiceStatus | undefined {
  const container = /dependency failed to start: container (\S+)/.exec(messageOf(error))?.[1]
  return now.find(({ service }) => container?.endsWith(`-${service}-1`))
}

interface Settled {
  readonly isDone: boolean
  readonly error?: unknown
}

interface Observed {
  /** Whether it is done, and with which failure. */
  readonly state: () => Settled
  /** Fulfilled at its end, however it ended. */
  readonly end: Promise<void>
}

/** A promise that can be looked at. */
function settled(promise: Promise<unknown>): Observed {
  let outcome: Settled = { isDone: false }
  const end = promise.then(
    () => {
      outcome = { isDone: true }
    },
    error => {
      outcome = { isDone: true, error }
    },
  )
  return { state: () => outcome, end }
}
