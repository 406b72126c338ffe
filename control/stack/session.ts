import { existsSync, readFileSync } from 'node:fs'
import { createDockerEngine } from '../engines/docker/docker-engine.ts'
import type { Engine, EngineKind } from '../engines/engine.ts'
import { locateData, nativeEnvironment } from '../engines/native/ground.ts'
import { createNativeEngine } from '../engines/native/native-engine.ts'
import { unprivilegedUser } from '../engines/native/unprivileged-user.ts'
import { TribError } from '../errors/trib-error.ts'
import type { Shell } from '../shell.ts'
import { defaultCacheDir } from '../system/cache-dir.ts'
import { nearest } from '../topology/nearest.ts'
import { readTopology } from '../topology/read-topology.ts'
import type { Service, Topology } from '../topology/topology.ts'
import { settingsLost } from './ensure-stack.ts'
import { readEnvFile } from './env-file.ts'
import { observeEnvironment } from './observe.ts'
import { requireComposeFile } from './require-compose-file.ts'
import { defaultPortBase, generateSettings, secretNames, settings } from './settings.ts'
import { defaultStackName, openStack, type Stack } from './stack.ts'
import { readStackState } from './stack-state.ts'

/** A stack with its settings, its topology and the engine that runs it: what most commands begin with. */
export interface Session {
  readonly stack: Stack
  /** The env file's variables, overridden by the shell's, as Compose does. */
  readonly settings: ReadonlyMap<string, string>
  readonly topology: Topology
  readonly engine: Engine
}

interface SessionOptions {
  readonly stackName: string | undefined
  /** Chosen by `up`; other commands use what `up` recorded. */
  readonly profiles?: readonly string[]
  readonly engine?: EngineKind
  /**
   * For ending a stack whatever became of its files: settings that are missing are made up, and services of all
   * profiles count. (Default: false)
   */
  readonly isForEnding?: boolean
}

export async function openSession(shell: Shell, options: SessionOptions): Promise<Session> {
  const stack = openStack(shell.root, options.stackName ?? defaultStackName)
  const { isForEnding = false } = options
  if (!isForEnding) requireComposeFile(stack)
  const recorded = readStackState(stack)
  if (!isForEnding && !existsSync(stack.envFile)) throw recorded ? settingsLost(stack) : neverUp(stack)
  const kind = options.engine ?? recorded?.engine ?? 'native'
  const values = isForEnding ? madeUpSettings(shell, stack) : readSettings(shell, stack)
  const text = readFileSync(stack.composeFile, 'utf8')
  const ground = kind === 'native' ? nativeEnvironment(text, locateData(stack, unprivilegedUser())) : {}
  const chosen = options.profiles ?? recorded?.profiles ?? []
  for (const [name, value] of Object.entries(observeEnvironment(stack, { engine: kind, profiles: chosen })))
    values.set(name, value)
  const environment = { ...Object.fromEntries(values), ...ground }
  const read = (profiles: readonly string[]) =>
    readTopology({ text, file: 'docker-compose.yml', environment, profiles })
  const profiles = isForEnding ? allProfiles(read) : chosen
  const topology = isForEnding ? readOrNothing(read, profiles) : read(profiles)
  return {
    stack,
    settings: values,
    topology,
    engine: createEngine(kind, shell, { stack, topology, profiles, values }),
  }
}

/** The profiles that the compose file knows; refuses a bad file, and a profile it does not know, before anything is written. */
export function checkComposeFile(
  shell: Shell,
  stackName: string,
  profiles: readonly string[],
): readonly string[] {
  const stack = openStack(shell.root, stackName)
  const text = readFileSync(stack.composeFile, 'utf8')
  const environment = Object.fromEntries(madeUpSettings(shell, stack))
  return readTopology({ text, file: 'docker-compose.yml', environment, profiles }).profiles
}

type ReadTopology = (profiles: readonly string[]) => Topology

/** A compose file that cannot be read is no reason to leave processes running: their records tell how to end them. */
function readOrNothing(read: ReadTopology, profiles: readonly string[]): Topology {
  try {
    return read(profiles)
  } catch {
    return { project: '', services: [], volumes: [], profiles: [], inactive: [] }
  }
}

const allProfiles = (read: ReadTopology) => readOrNothing(read, []).profiles

interface EngineParts {
  readonly stack: Stack
  readonly topology: Topology
  readonly profiles: readonly string[]
  readonly values: ReadonlyMap<string, string>
}

function createEngine(
  kind: EngineKind,
  shell: Shell,
  { stack, topology, profiles, values }: EngineParts,
): Engine {
  const { env, launcher } = shell
  if (kind === 'docker') return createDockerEngine({ stack, topology, profiles, env, settings: values })
  const cacheDir = defaultCacheDir(env)
  return createNativeEngine({ stack, topology, cacheDir, launcher, env, settings: values })
}

function neverUp(stack: Stack): TribError {
  return new TribError(
    'STACK_NOT_RUNNING',
    `the stack '${stack.name}' was never brought up here: ${stack.envFile} does not exist`,
    { hint: 'npm run up' },
  )
}

/** What is missing or unreadable does not matter to a process that is to be ended. */
function madeUpSettings(shell: Shell, stack: Stack): Map<string, string> {
  const madeUp = Object.entries(
    generateSettings({ portBase: defaultPortBase, project: stack.id, stackName: stack.name }),
  )
  try {
    return new Map([...madeUp, ...readSettings(shell, stack)])
  } catch {
    return new Map(madeUp)
  }
}

/** As with Compose, the shell's variables win over the file's. */
function readSettings(shell: Shell, stack: Stack): Map<string, string> {
  const values = new Map(Object.entries(readEnvFile(stack.envFile)))
  for (const { name } of settings) {
    const value = shell.env[name]
    if (value !== undefined) values.set(name, value)
  }
  shell.addSecrets(secretNames.flatMap(name => values.get(name) ?? []))
  return values
}

/** The service of that name; a wrong name gets the nearest ones. */
export function findService(topology: Topology, name: string): Service {
  const service = topology.services.find(candidate => candidate.name === name)
  if (service) return service
  const names = topology.services.map(candidate => candidate.name)
  const guess = nearest(name, names)
  throw new TribError('USAGE', `there is no service '${name}'${guess ? `; did you mean '${guess}'?` : ''}`, {
    hint: `services: ${names.join(', ')}`,
  })
}
