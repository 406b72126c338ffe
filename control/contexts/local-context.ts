import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { bootstrapOf } from '../kafka/brokers.ts'
import { moodle } from '../scenarios/moodle.ts'
import type { ScenarioDatabase } from '../scenarios/scenario.ts'
import type { Shell } from '../shell.ts'
import { databaseOf } from '../stack/database-address.ts'
import { elsewhere, requireComposeFile } from '../stack/require-compose-file.ts'
import { findService, openSession, type Session } from '../stack/session.ts'
import { defaultStackName, historyFolder, openStack } from '../stack/stack.ts'
import { nearest } from '../topology/nearest.ts'
import type { Topology } from '../topology/topology.ts'
import { localContextName } from './context.ts'
import type { OpenContext } from './open-context.ts'

interface LocalOptions {
  readonly stackName: string | undefined
  /** Nobody asked for the local stack: there was just no other context. */
  readonly isFallback: boolean
}

/** The stack of this clone as a context: everything in it follows from the topology and the stack's env file. */
export function openLocalContext(shell: Shell, { stackName, isFallback }: LocalOptions): OpenContext {
  const stack = openStack(shell.root, stackName ?? (shell.env['TRIB_STACK'] || defaultStackName))
  requireComposeFile(stack, { isFallback })
  let session: Promise<Session> | undefined
  const topology = async () => {
    session ??= openSession(shell, { stackName: stack.name }).catch(error => {
      throw isFallback ? orElsewhere(error) : error
    })
    return (await session).topology
  }
  const database = async (name: string) => {
    const address = databaseOf(findService(await topology(), name))
    if (address) return address
    throw new TribError('CONTEXT_INCOMPLETE', `${name} is no database of the local stack`, {
      hint: 'npx trib status',
    })
  }
  return {
    name: localContextName,
    kind: 'local',
    connect: async () => ({ urls: connectUrls(await topology()) }),
    kafka: async () => ({ brokers: [...bootstrapOf(await topology())] }),
    sources: async () => namesOf(await topology(), 'source'),
    source: async name => {
      const names = namesOf(await topology(), 'source')
      if (names.includes(name)) return database(name)
      const meant = nearest(name, names)
      throw new TribError(
        'CONTEXT_INCOMPLETE',
        `the local stack has no source '${name}'${meant ? `; did you mean '${meant}'?` : ''}`,
        { hint: `sources: ${names.join(', ')}` },
      )
    },
    warehouse: async () => database(namesOf(await topology(), 'warehouse')[0] ?? 'warehouse'),
    workerVariables: async () => workerVariables(await topology(), shell.root),
    stateFolder: historyFolder(stack),
    statusHint: 'npx trib up',
  }
}

/** Every worker that is published, those of active profiles included. */
function connectUrls({ services }: Topology): readonly string[] {
  const workers = services.filter(({ image }) => image.startsWith('tributary/connect:'))
  return workers.flatMap(({ ports }) => ports.slice(0, 1).map(({ host, port }) => `http://${host}:${port}`))
}

/** What the environment of every worker holds, as far as the worker's own list lets connectors read it. */
function workerVariables({ services }: Topology, root: string): ReadonlySet<string> {
  const text = readFileSync(join(root, 'connectors', 'worker.properties'), 'utf8')
  const [, pattern = '.*'] = /^config\.providers\.env\.param\.allowlist\.pattern=(.*)$/m.exec(text) ?? []
  const workers = services.filter(({ image }) => image.startsWith('tributary/connect:'))
  const names = workers.map(({ environment }) => Object.keys(environment))
  const shared = (names[0] ?? []).filter(name => names.every(one => one.includes(name)))
  return new Set(shared.filter(name => new RegExp(pattern).test(name)))
}

/** The topology knows which services there are, the scenario what they are for. */
function namesOf({ services }: Topology, role: ScenarioDatabase['role']): readonly string[] {
  const wanted = moodle.databases.filter(database => database.role === role).map(({ service }) => service)
  return wanted.filter(name => services.some(service => service.name === name))
}

function orElsewhere(error: unknown): unknown {
  if (!(error instanceof TribError) || error.code !== 'STACK_NOT_RUNNING') return error
  const hint = `${error.hint}; for a cluster elsewhere: ${elsewhere}`
  return new TribError(error.code, messageOf(error), { hint, cause: error })
}
