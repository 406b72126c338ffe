import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'

/**
 * Appends what `format` gives in a single write, which the kernel puts behind whatever another process appends
 * meanwhile. A writer that ended in the middle of a line leaves the file torn.
 */
export function appendPrivately(path: string, format: (isTorn: boolean) => string): void {
  try {
    makePrivateFolder(dirname(path))
    const file = openSync(path, 'a+', 0o600)
    try {
      if ((fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600)
      const bytes = Buffer.from(format(!endsWithNewline(file)))
      const written = writeSync(file, bytes)
      if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were written`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw notKept(path, error)
  }
}

export function notKept(path: string, error: unknown): TribError {
  return new TribError('HISTORY_FAILED', `the history ${path} cannot be written: ${messageOf(error)}`, {
    hint: `ls -ld ${shellWord(dirname(path))}; df -h ${shellWord(dirname(path))}`,
    cause: error,
  })
}

function endsWithNewline(file: number): boolean {
  const { size } = fstatSync(file)
  if (size === 0) return true
  const last = Buffer.alloc(1)
  readSync(file, last, 0, 1, size - 1)
  return last.toString() === '\n'
}

/** Its parents are others', too, who must be able to pass. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700)
}

/** The paths with that ending, sorted; none if there is no folder. */
export function filesIn(folder: string, ending: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(file => file.endsWith(ending))
      .sort()
      .map(file => join(folder, file))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new TribError('HISTORY_FAILED', `the history ${folder} cannot be read: ${messageOf(error)}`, {
      hint: `ls -ld ${shellWord(folder)}`,
      cause: error,
    })
  }
}
