import type { Clock } from '../system/clock.ts'
import { type Outlook, waitFor } from '../system/retry.ts'
import type { ConnectorStatus } from './connect-api.ts'
import { unknownConnector } from './refusal.ts'

export interface AwaitOptions {
  readonly deadlineMs: number
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  readonly hint?: string
}

const intervalMs = 100

/** A change that Connect only accepted is awaited; a connector deleted meanwhile ends the wait. */
export async function untilState(
  name: string,
  wanted: 'paused' | 'resumed' | 'stopped',
  { status, ...options }: AwaitOptions & { readonly status: () => Promise<ConnectorStatus | undefined> },
): Promise<void> {
  const look = async (): Promise<Outlook<true>> => {
    const seen = await status()
    if (!seen) throw unknownConnector(name)
    return isReached[wanted](seen) ? { done: true } : { pending: statesOf(seen) }
  }
  await waitFor(look, { ...options, intervalMs, what: `'${name}' to be ${wanted}` })
}

const isReached = {
  // What has failed stays so: there is nothing left to pause.
  paused: status => partsOf(status).every(state => state === 'PAUSED' || state === 'FAILED'),
  resumed: status => partsOf(status).every(state => state !== 'PAUSED' && state !== 'STOPPED'),
  // The connector says STOPPED at once, its tasks end about half a second later.
  stopped: ({ state, tasks }) => state === 'STOPPED' && tasks.length === 0,
} satisfies Record<string, (status: ConnectorStatus) => boolean>

/** `look` gives what is still there. */
export async function untilGone(
  name: string,
  { look, ...options }: AwaitOptions & { readonly look: () => Promise<string | undefined> },
): Promise<void> {
  await waitFor(
    async () => {
      const seen = await look()
      return seen === undefined ? { done: true } : { pending: seen }
    },
    { ...options, intervalMs, what: `'${name}' to be gone` },
  )
}

/** A task that fails again at once cannot be told from one that was not restarted yet. */
const takenUpMs = 5_000

/** Waits until what was to be restarted no longer shows the old failure; in the end it is as it is. */
export async function untilTakenUp(
  { tasks, hasConnector }: { readonly tasks: readonly number[]; readonly hasConnector: boolean },
  { status, ...options }: AwaitOptions & { readonly status: () => Promise<ConnectorStatus | undefined> },
): Promise<void> {
  const startedAt = options.clock.now()
  const look = async (): Promise<Outlook<true>> => {
    const seen = await status()
    const isOld =
      seen !== undefined &&
      ((hasConnector && seen.state === 'FAILED') ||
        seen.tasks.some(({ id, state }) => tasks.includes(id) && state === 'FAILED'))
    const isOver = options.clock.now() - startedAt >= takenUpMs
    return isOld && !isOver ? { pending: statesOf(seen) } : { done: true }
  }
  await waitFor(look, { ...options, intervalMs, what: 'the restart to be taken up' })
}

function partsOf({ state, tasks }: ConnectorStatus): readonly string[] {
  return [state, ...tasks.map(task => task.state)]
}

export function statesOf({ state, tasks }: ConnectorStatus): string {
  return [state, ...tasks.map(task => `task ${task.id} ${task.state}`)].join(', ')
}
