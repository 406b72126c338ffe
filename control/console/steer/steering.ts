import * as z from 'zod'
import type { ConnectClient } from '../../connect/connect-api.ts'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import type { Activity } from '../activity.ts'

export const verbs = ['restart', 'pause', 'resume'] as const
export type Verb = (typeof verbs)[number]

export interface Steering {
  /** Resolves when Connect has done it; what it refuses is told in the activity log, too. */
  steer(name: string, verb: Verb, body: unknown): Promise<void>
}

interface SteeringOptions {
  readonly connect: Pick<ConnectClient, 'restart' | 'pause' | 'resume' | 'status'>
  readonly activity: Pick<Activity, 'note'>
  readonly onDone: () => void
}

/** (Default: those that failed) */
const restartSchema = z.object({ tasks: z.enum(['failed', 'all']).default('failed') })

const said: Readonly<Record<Verb, string>> = {
  restart: 'was restarted from a page',
  pause: 'was paused from a page',
  resume: 'was resumed from a page',
}

/** What the buttons do: the same calls as `trib restart`, `pause` and `resume`. */
export function createSteering({ connect, activity, onDone }: SteeringOptions): Steering {
  const act = async (name: string, verb: Verb, body: unknown) => {
    if ((await connect.status(name)) === undefined)
      throw new TribError('USAGE', `there is no connector '${name}'`, { hint: 'npx trib get connectors' })
    if (verb !== 'restart') return connect[verb](name)
    const asked = restartSchema.safeParse(body)
    if (!asked.success) throw new TribError('USAGE', 'restart wants {"tasks": "failed"} or {"tasks": "all"}')
    await connect.restart(name, { includeTasks: true, onlyFailed: asked.data.tasks === 'failed' })
  }
  return {
    async steer(name, verb, body) {
      try {
        await act(name, verb, body)
        activity.note({ severity: 'info', subject: name, text: said[verb], command: null })
      } catch (error) {
        const command = error instanceof TribError ? (error.hint ?? null) : null
        const text = `${verb} did not work: ${messageOf(error)}`
        activity.note({ severity: 'error', subject: name, text, command })
        throw error
      } finally {
        onDone()
      }
    },
  }
}
