import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { waitFor } from '../system/retry.ts'
import type { ConnectClient, ConnectorConfig, ConnectorStatus } from './connect-client.ts'

interface RegisterOptions {
  readonly connect: ConnectClient
  /** Holds one `NAME.json` for each connector: a bare config, as `curl -X PUT -d @file` takes it. */
  readonly folder: string
  readonly names: readonly string[]
  readonly signal: AbortSignal
  readonly onProgress: (detail: string) => void
}

/** Registers what differs from the files, restarts what failed, and waits until all tasks run. */
export async function registerConnectors(options: RegisterOptions): Promise<readonly string[]> {
  const { connect, folder, names, signal, onProgress } = options
  const files = names.map(name => ({ name, config: readConnectorFile(join(folder, `${name}.json`)) }))
  const live = await connect.list()
  const changed: string[] = []
  for (const { name, config } of files) {
    signal.throwIfAborted()
    const present = live[name]
    if (present && sameConfig(present.info.config, config)) {
      if (hasFailure(present.status)) {
        await connect.restartFailed(name)
        changed.push(name)
      }
      continue
    }
    onProgress(`${present ? 'configuring' : 'creating'} ${name}`)
    await connect.putConfig(name, config)
    changed.push(name)
  }
  for (const { name } of files) {
    await untilRunning(connect, name, { signal, onProgress, hasChanged: changed.includes(name) })
  }
  return changed
}

export function readConnectorFile(path: string): ConnectorConfig {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new TribError('USAGE', `${path} is not a connector's config: ${messageOf(error)}`, { cause: error })
  }
}

/** How long a restarted task may still show the failure that it was restarted for. */
const restartMs = 20_000

async function untilRunning(
  connect: ConnectClient,
  name: string,
  {
    signal,
    onProgress,
    hasChanged,
  }: Pick<RegisterOptions, 'signal' | 'onProgress'> & { readonly hasChanged: boolean },
): Promise<void> {
  let graceFrom = hasChanged ? Date.now() : undefined
  await waitFor(
    async () => {
      const status = await connect.status(name).catch(notYetKnown)
      if (!status) return { pending: 'not known yet' }
      const failed = failureOf(status)
      // The old failure stays on show until the restart, which only begins when Connect has answered, reaches the task.
      if (failed && graceFrom === undefined) {
        await connect.restartFailed(name)
        graceFrom = Date.now()
      }
      if (failed && graceFrom !== undefined && Date.now() - graceFrom < restartMs)
        return { pending: `still failed: ${failed}` }
      if (failed)
        throw new TribError('CONNECTOR_FAILED', `${name} failed: ${failed}`, {
          hint: 'npx trib logs connect',
        })
      const states = [status.connector.state, ...status.tasks.map(({ state }) => state)]
      if (status.tasks.length > 0 && states.every(state => state === 'RUNNING')) return { done: true }
      if (states.some(state => state === 'PAUSED' || state === 'STOPPED')) {
        throw new TribError(
          'CONNECTOR_FAILED',
          `${name} is ${status.connector.state.toLowerCase()}; it was left as it is`,
          {
            hint: `resume it: curl -X PUT ${connect.url}/connectors/${name}/resume`,
          },
        )
      }
      onProgress(`waiting for ${name}`)
      return { pending: status.tasks.length === 0 ? 'no task yet' : states.join(', ') }
    },
    { what: `${name} to run`, deadlineMs: 90_000, signal, hint: 'npx trib logs connect' },
  )
}

/** Between the answer to PUT and the first status, the worker says 404. */
function notYetKnown(error: unknown): undefined {
  if (error instanceof TribError && /No status found/.test(error.message)) return undefined
  throw error
}

function hasFailure(status: ConnectorStatus): boolean {
  return failureOf(status) !== undefined
}

/** The innermost cause of a trace says what happened; the first line only where. */
export function failureOf({ connector, tasks }: ConnectorStatus): string | undefined {
  const failed = [connector, ...tasks].find(({ state }) => state === 'FAILED')
  if (!failed) return undefined
  const lines = (failed.trace ?? 'no trace given').split('\n')
  const cause = lines.findLast(line => line.startsWith('Caused by:')) ?? lines[0] ?? ''
  return cause.replace(/^Caused by: /, '').slice(0, 500)
}

function sameConfig(live: ConnectorConfig, file: ConnectorConfig): boolean {
  const keys = new Set([...Object.keys(live), ...Object.keys(file)])
  return [...keys].every(key => key === 'name' || live[key] === file[key])
}
