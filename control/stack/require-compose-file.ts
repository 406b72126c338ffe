import { existsSync } from 'node:fs'
import { TribError } from '../errors/trib-error.ts'
import type { Stack } from './stack.ts'

export const elsewhere = 'npx trib config set-context NAME --connect https://connect.example.org:8083'

interface RequireOptions {
  /** Nobody asked for the local stack: there was just no other context. (Default: false) */
  readonly isFallback?: boolean
}

/**
 * A stack lives in a clone: its images are built and its jars are found from what lies there. The installed package
 * has none of it, and the next `npm install` would wipe out a stack's passwords with the rest of its folder.
 */
export function requireComposeFile(
  { composeFile }: Stack,
  { isFallback = false }: RequireOptions = {},
): void {
  if (existsSync(composeFile)) return
  throw new TribError(
    'CONTEXT_INCOMPLETE',
    `${isFallback ? 'no context is set up, and ' : ''}there is no local stack here: ${composeFile} does not exist`,
    { hint: `npm run up in a clone of Tributary; for a cluster elsewhere: ${elsewhere}` },
  )
}
