import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import { waitFor } from '../system/retry.ts'
import { type ContextFile, editContexts, noContexts, parseContexts } from './context-document.ts'
import { expandHome } from './stored-path.ts'

/** `$TRIB_CONFIG`, else `contexts.yaml` where the XDG rules put a program's settings. */
export function contextFilePath(env: NodeJS.ProcessEnv): string {
  if (env['TRIB_CONFIG']) return expandHome(env['TRIB_CONFIG'], env)
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config')
  return join(home, 'tributary', 'contexts.yaml')
}

export function readContextFile(path: string): ContextFile {
  const text = readIfThere(path)
  return text === undefined ? noContexts : parseContexts(text, path)
}

interface ChangeOptions {
  /** How long another writer may be waited for; one takes milliseconds. (Default: 5,000 ms) */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal | undefined
}

/** Reads, changes and writes while nobody else does: of two writers, the second sees what the first wrote. */
export async function changeContextFile(
  path: string,
  change: (file: ContextFile) => ContextFile,
  { deadlineMs = 5_000, signal }: ChangeOptions = {},
): Promise<ContextFile> {
  await explained(path, () => mkdir(dirname(path), { recursive: true, mode: 0o700 }))
  const lock = `${path}.lock`
  await waitFor(
    async () =>
      (await explained(lock, () => takeLock(lock))) ? { done: true } : { pending: 'its lock is held' },
    {
      what: `another trib to finish with ${path}`,
      hint: `if no other trib runs, one was killed: rm ${shellWord(lock)}`,
      deadlineMs,
      intervalMs: 20,
      signal,
    },
  )
  try {
    const text = readIfThere(path) ?? ''
    const after = change(parseContexts(text, path))
    await explained(path, () => writeAtomically(path, editContexts(text, after, path)))
    return after
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** A crash leaves the old file or the new one. */
function writeAtomically(path: string, text: string): void {
  // A link to a file elsewhere stays a link.
  const target = existsSync(path) ? realpathSync(path) : path
  const draft = `${target}.${randomUUID()}.tmp`
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
    renameSync(draft, target)
  } finally {
    rmSync(draft, { force: true })
  }
}

function readIfThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  const mode = statSync(path).mode & 0o777
  // Whoever could change a command in it would run that command as us.
  if ((mode & 0o077) !== 0) {
    throw new TribError('CONTEXT_INVALID', `${path} is open to others (mode ${mode.toString(8)})`, {
      hint: `chmod 600 ${shellWord(path)}`,
    })
  }
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw unusable(path, error)
  }
}

async function explained<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof TribError ? error : unusable(path, error)
  }
}

function unusable(path: string, cause: unknown): TribError {
  return new TribError('CONTEXT_INVALID', `${path} cannot be read or written: ${messageOf(cause)}`, { cause })
}
