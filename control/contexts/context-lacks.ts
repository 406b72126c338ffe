import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'

/** A part that a command needs, and the command that adds it. */
export function contextLacks(context: string, sentence: string, options: string): TribError {
  return new TribError('CONTEXT_INCOMPLETE', `the context '${context}' ${sentence}`, {
    hint: `npx trib config set-context ${named(context, options)}`,
  })
}
