import { messageOf } from '../errors/trib-error.ts'
import { isRunning, type ProcessIdentity } from './process-identity.ts'
import { waitFor } from './retry.ts'

export interface EndOptions {
  readonly signal: NodeJS.Signals
  /** After this, SIGKILL. */
  readonly graceMs: number
}

/** Ends exactly this process, gently first; says whether force was needed. */
export async function endProcess(
  identity: ProcessIdentity,
  { signal, graceMs }: EndOptions,
): Promise<'gone' | 'ended' | 'killed'> {
  if (!send(identity, signal)) return 'gone'
  if (await hasEnded(identity, graceMs)) return 'ended'
  send(identity, 'SIGKILL')
  await waitFor(async () => (isRunning(identity) ? { pending: 'still there' } : { done: true }), {
    what: `process ${identity.pid} to end after SIGKILL`,
    deadlineMs: 10_000,
    intervalMs: 20,
  })
  return 'killed'
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false
  try {
    process.kill(identity.pid, signal)
    return true
  } catch (error) {
    if (messageOf(error).includes('ESRCH')) return false
    throw error
  }
}

async function hasEnded(identity: ProcessIdentity, graceMs: number): Promise<boolean> {
  const deadline = Date.now() + graceMs
  return waitFor(
    async () => {
      if (!isRunning(identity)) return { done: true }
      return Date.now() >= deadline ? { done: false } : { pending: 'still running' }
    },
    { what: `process ${identity.pid} to end`, deadlineMs: graceMs + 5_000, intervalMs: 20 },
  )
}
