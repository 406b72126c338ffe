import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where artefacts are kept that every stack of this machine shares. Root's is outside its home, which others
 * cannot enter: Postgres refuses root and has to run from there as another user.
 */
export function defaultCacheDir(env: NodeJS.ProcessEnv, isRoot = process.getuid?.() === 0): string {
  if (env['TRIBUTARY_CACHE']) return env['TRIBUTARY_CACHE']
  if (isRoot) return '/var/cache/tributary'
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'tributary')
}
