import { TribError } from '../../errors/trib-error.ts'
import type { Shell } from '../../shell.ts'

interface ConfirmOptions {
  readonly isYes: boolean
  /** What would happen, as a sentence without its full stop. */
  readonly what: string
  /** The command to paste, with `--yes`. */
  readonly again: string
}

/** Goes on only where somebody said yes: by `--yes`, or at the terminal. */
export async function confirm(shell: Shell, { isYes, what, again }: ConfirmOptions): Promise<void> {
  if (isYes) return
  const answer = await shell.ask(`${what}. Go on? (yes/no) `)
  if (answer?.trim().toLowerCase() === 'yes') return
  throw new TribError('CONFIRMATION_NEEDED', `${what}, and nobody said yes; nothing was changed`, {
    hint: again,
  })
}
