import { askHealth, type Health, paste } from '../faults/ask-health.ts'
import { runTribHere } from '../support/run-trib-here.ts'
import { eventually, type TestStack } from '../support/trib.ts'

/** Somebody on call who knows nothing of what happened, only what `trib health` prints. */
export interface Operator {
  /** One look, and what it says to do; gives whether all is well. */
  attend(): Promise<boolean>
  untilWell(deadlineMs: number): Promise<void>
  /** What was done, in that order. */
  readonly log: readonly string[]
}

/** What goes by itself is left alone so long; after that the printed line is pasted. */
const patienceMs = { failed: 2_000, degraded: 20_000 } as const

interface Complaint {
  readonly state: keyof typeof patienceMs
  readonly command: string
  readonly cause: string | null
}

/** `profiles`: as the stack was brought up. */
export function createOperator(stack: TestStack, profiles: readonly string[]): Operator {
  const log: string[] = []
  const heardAt = new Map<string, number>()
  let last = ''

  const attend = async () => {
    const seen = await askHealth(stack)
    last = JSON.stringify(seen.pipelines.map(({ name, state, cause }) => ({ name, state, cause })))
    const complaints = complaintsOf(seen)
    const now = performance.now()
    for (const known of heardAt.keys())
      if (!complaints.some(({ command }) => command === known)) heardAt.delete(known)
    for (const { command } of complaints) if (!heardAt.has(command)) heardAt.set(command, now)
    const due = complaints.find(
      ({ command, state }) => now - (heardAt.get(command) ?? now) >= patienceMs[state],
    )
    if (due) {
      const outcome = await paste(due.command).then(
        () => 'done',
        (error: Error) => `not done: …${error.message.slice(-300)}`,
      )
      log.push(`${due.cause} → ${due.command}: ${outcome}`)
      heardAt.clear()
    }
    return seen.code === 0
  }
  return {
    log,
    attend,
    async untilWell(deadlineMs) {
      await eventually('all to be well', async () => ((await attend()) ? true : undefined), {
        deadlineMs,
        intervalMs: 500,
      }).catch(error => {
        throw new Error(`${error.message}; last seen: ${last}`, { cause: error })
      })
      // A service may be missing without anybody being worse off: who is on call starts it.
      const { code, stderr } = await runTribHere(['up', '--stack', stack.name, ...profiles])
      if (code !== 0) throw new Error(stderr)
    },
  }
}

/** The worst first; a line that several pipelines print is one. */
function complaintsOf({ pipelines, state, command, cause }: Health): readonly Complaint[] {
  const told = pipelines.length > 0 ? pipelines : [{ state, command: command ?? null, cause: cause ?? null }]
  const complaints = told.flatMap(({ state, command, cause }): Complaint[] =>
    command && (state === 'failed' || state === 'degraded') ? [{ state, command, cause }] : [],
  )
  return complaints.sort((one, other) => rank(one) - rank(other))
}

const rank = ({ state }: Complaint) => (state === 'failed' ? 0 : 1)
