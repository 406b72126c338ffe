import { messageOf, TribError } from '../errors/trib-error.ts'

/** One thing that is done, and how it is taken back. */
export interface Step {
  /** `community-db: create table …`, as it is told when it is done. */
  readonly text: string
  run(): Promise<void>
  /** undefined: it cannot be taken back, or need not be. */
  readonly undo?: Undo | undefined
}

interface Undo {
  readonly text: string
  run(): Promise<void>
  /** It is right, too, where the step failed somewhere in between. (Default: false) */
  readonly isOfHalf?: boolean
}

interface CarryOutOptions {
  readonly onStep: (text: string) => void
  /** The command that goes on where something cannot be taken back. */
  readonly again: string
}

/** One after the other; where one fails, what was done is taken back, the last first, and what stands is said. */
export async function carryOut(steps: readonly Step[], { onStep, again }: CarryOutOptions): Promise<void> {
  const done: Step[] = []
  for (const step of steps) {
    try {
      await step.run()
    } catch (error) {
      const begun = step.undo?.isOfHalf ? [...done, step] : done
      throw failed(error, step, { stands: await takeBack(begun, onStep), hasDone: begun.length > 0, again })
    }
    done.push(step)
    onStep(step.text)
  }
}

/** Gives what stands. */
async function takeBack(steps: readonly Step[], onStep: (text: string) => void): Promise<readonly string[]> {
  const stands: string[] = []
  for (const { text, undo } of steps.toReversed()) {
    if (!undo) continue
    try {
      await undo.run()
      onStep(`taken back: ${undo.text}`)
    } catch (error) {
      stands.push(`${text} (${messageOf(error)})`)
    }
  }
  return stands
}

interface Aftermath {
  readonly stands: readonly string[]
  readonly hasDone: boolean
  readonly again: string
}

function failed(error: unknown, { text }: Step, { stands, hasDone, again }: Aftermath): TribError {
  const known = error instanceof TribError ? error : undefined
  const end = hasDone ? '; what was done before is taken back' : '; nothing was changed'
  const left = stands.length > 0 ? `; this could not be taken back: ${stands.join('; ')}` : end
  return new TribError(known?.code ?? 'INTERNAL', `${text}: ${messageOf(error)}${left}`, {
    cause: error,
    hint: stands.length > 0 ? again : known?.hint,
  })
}
