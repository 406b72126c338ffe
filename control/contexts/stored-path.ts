import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import * as z from 'zod'

/** A path as a context keeps it: it must mean the same file wherever `trib` is called. */
export const storedPathSchema = z
  .string()
  .refine(path => isAbsolute(path) || path === '~' || path.startsWith('~/'), {
    error: 'is no absolute path, nor one that begins with ~/',
  })

/** A path from the command line. The shell leaves `~` as it is in `file:~/token`: it stays, and is expanded when read. */
export function toStoredPath(path: string): string {
  return path.startsWith('~/') ? path : resolve(path)
}

export function expandHome(path: string, env: NodeJS.ProcessEnv): string {
  if (path !== '~' && !path.startsWith('~/')) return path
  return join(env['HOME'] || homedir(), path.slice(1))
}
