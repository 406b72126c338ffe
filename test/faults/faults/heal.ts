import { assertNever } from '../../../control/errors/assert-never.ts'
import { eventually } from '../../support/trib.ts'
import { askHealth, paste } from '../ask-health.ts'
import { changesIn } from '../observed.ts'
import type { Fault } from './fault.ts'
import type { Ground } from './ground.ts'

/** Ends a fault as it says it ends; gives who did it, and what that changed. */
export async function heal(ground: Ground, fault: Fault): Promise<string> {
  const { pipeline, rule } = fault.seen ?? {}
  const seen = pipeline && rule ? await ground.seen(pipeline, rule) : undefined
  switch (fault.heals) {
    case 'by itself':
      return 'itself'
    case 'by up': {
      const profiles = (fault.profiles ?? []).flatMap(name => ['--profile', name])
      const { code, stderr } = await ground.stack.trib(['up', ...profiles])
      if (code !== 0) throw new Error(stderr)
      return `up: ${changesIn(stderr)?.join('; ') ?? 'all of it'}`
    }
    case 'by the printed command':
      return pasted(seen?.command)
    case 'by itself or by the printed command':
      return eitherWay(ground)
    default:
      return assertNever(fault.heals)
  }
}

/** A row that lands says that nothing is to be done; a failure that is seen says what. */
async function eitherWay(ground: Ground): Promise<string> {
  const row = await ground.commitRow()
  const command = await eventually(
    'rows to land again, or the failure to be seen',
    async () => {
      if (await row.hasLanded()) return 'none'
      const { pipelines } = await askHealth(ground.stack)
      return pipelines.find(({ state }) => state === 'failed')?.command ?? undefined
    },
    { deadlineMs: 60_000, intervalMs: 200 },
  )
  return command === 'none' ? 'itself' : pasted(command)
}

async function pasted(command: string | null | undefined): Promise<string> {
  const output = await paste(command)
  const changes = changesIn(output)
  return changes ? `${command}: ${changes.join('; ')}` : String(command)
}
