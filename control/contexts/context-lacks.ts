import { TribError } from '../errors/trib-error.ts'
import { setContextCommand } from './set-context-command.ts'

/** A part that a command needs, and the words of the command that adds it. */
export function contextLacks(context: string, sentence: string, ...options: readonly string[]): TribError {
  return new TribError('CONTEXT_INCOMPLETE', `the context '${context}' ${sentence}`, {
    hint: setContextCommand(context, ...options),
  })
}
