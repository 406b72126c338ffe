import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'
import type { Stack } from '../../stack/stack.ts'
import { canEnter, type UnprivilegedUser } from './unprivileged-user.ts'

/** Where a root caller's stack keeps its data when its Postgres user cannot enter the clone. */
const systemDataDir = '/var/lib/tributary'

/** Data lies with the stack; elsewhere only where Postgres, which refuses root, could not reach it. */
export function locateData(stack: Stack, postgresUser: UnprivilegedUser | undefined): string {
  const besideStack = join(stack.folder, 'data')
  const elsewhere = join(systemDataDir, stack.id, 'data')
  if (existsSync(elsewhere)) return elsewhere
  if (!postgresUser || existsSync(besideStack) || canEnter(postgresUser, stack.root)) return besideStack
  return elsewhere
}

/** A careful umask (077) shuts Postgres' user out of folders that we make: it may pass through, no more. */
export function makeWay(stack: Stack, dataDir: string, postgresUser: UnprivilegedUser | undefined): void {
  mkdirSync(dataDir, { recursive: true })
  if (!postgresUser) return
  const isOurs = (path: string) =>
    path.startsWith(join(stack.root, '.tributary')) || path.startsWith(systemDataDir)
  for (let path = dataDir; isOurs(path); path = dirname(path)) chmodSync(path, statSync(path).mode | 0o011)
}

export function removeData(stack: Stack): void {
  rmSync(join(stack.folder, 'data'), { recursive: true, force: true })
  const elsewhere = join(systemDataDir, stack.id)
  // A plain user may not even look there, where root has stacks of its own.
  if (!existsSync(elsewhere)) return
  rmSync(elsewhere, { recursive: true, force: true })
  if (readdirSync(systemDataDir).length === 0) rmdirSync(systemDataDir)
}

/**
 * What differs between the engines, as variables that the compose file asks for: names of services become
 * 127.0.0.1, data folders real ones. Values in the file itself are never rewritten.
 */
export function nativeEnvironment(composeText: string, dataDir: string): Record<string, string> {
  const environment: Record<string, string> = { BIND_ADDRESS: '127.0.0.1' }
  for (const [, prefix, kind] of composeText.matchAll(/\$\{([A-Z0-9_]+)_(HOST|DATA):-/g)) {
    if (prefix === undefined) continue
    if (kind === 'HOST') environment[`${prefix}_HOST`] = '127.0.0.1'
    else environment[`${prefix}_DATA`] = join(dataDir, prefix.toLowerCase().replaceAll('_', '-'))
  }
  return environment
}

/** Without a UTF-8 locale Java cannot open a path that has a letter outside ASCII. */
export const utf8Locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'

/** A service gets what a container would have: nothing of the caller's shell but the way to its programs. */
export function baseEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'JAVA_HOME'].flatMap(name =>
    env[name] === undefined ? [] : [[name, env[name]]],
  )
  return { ...Object.fromEntries(kept), TZ: 'UTC', LC_ALL: utf8Locale }
}

export function refuseUnreachable(user: UnprivilegedUser | undefined, cacheDir: string): void {
  if (!user || canEnter(user, cacheDir)) return
  throw new TribError(
    'SERVICE_FAILED',
    `Postgres refuses to run as root, and the user '${user.name}' cannot enter its programs in ${cacheDir}`,
    {
      hint: 'choose another folder for them, for instance: TRIBUTARY_CACHE=/var/cache/tributary npm run up',
    },
  )
}
