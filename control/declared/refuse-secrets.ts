import { TribError } from '../errors/trib-error.ts'

/** One error for all sentences of `checkLiteralSecrets`; none, and all is well. */
export function refuseSecrets(sentences: readonly string[]): void {
  if (sentences.length === 0) return
  throw new TribError('SECRET_LITERAL', sentences.join('\n'), {
    hint: 'nothing was changed; put the reference into the file, and the secret into the environment of the workers',
  })
}
