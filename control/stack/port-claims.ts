import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheDir } from '../system/cache-dir.ts'
import { readEnvFile } from './env-file.ts'
import { portBlockSize } from './settings.ts'
import type { Stack } from './stack.ts'

/** After which a claim counts whose settings were never written: its `up` has ended in between. */
const unwrittenForMs = 60_000

type Owner = Pick<Stack, 'envFile'>

/**
 * Which stack of this machine was given which block of ports. Nothing listens in a block that was just given, and other
 * clones do not see each other's settings: two that come up at once would take the same one. False: another stack's.
 */
export function claimBlock(base: number, { envFile }: Owner, env: NodeJS.ProcessEnv): boolean {
  const path = join(claimsIn(env), String(base))
  try {
    mkdirSync(claimsIn(env), { recursive: true })
    for (;;) {
      if (writeOnce(path, envFile)) return true
      const owner = readFileSync(path, 'utf8')
      if (owner === envFile) return true
      if (isHeld(path, { owner, base })) return false
      rmSync(path, { force: true })
    }
  } catch {
    // Where nothing can be kept, whether the ports are free has to do.
    return true
  }
}

/** The stack's settings are about to be removed, and its ports are anybody's. */
export function releaseBlocks({ envFile }: Owner, env: NodeJS.ProcessEnv): void {
  const folder = claimsIn(env)
  try {
    for (const base of readdirSync(folder)) {
      const path = join(folder, base)
      if (readFileSync(path, 'utf8') === envFile) rmSync(path, { force: true })
    }
  } catch {
    // Nothing was ever claimed here.
  }
}

const claimsIn = (env: NodeJS.ProcessEnv) => join(defaultCacheDir(env), 'ports')

function writeOnce(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function isHeld(path: string, { owner, base }: { readonly owner: string; readonly base: number }): boolean {
  if (Date.now() - statSync(path).mtimeMs < unwrittenForMs) return true
  return Object.entries(readEnvFile(owner)).some(
    ([name, port]) => name.endsWith('_PORT') && Number(port) >= base && Number(port) < base + portBlockSize,
  )
}
