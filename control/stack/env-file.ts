import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { TribError } from '../errors/trib-error.ts'
import type { Environment } from '../topology/interpolate.ts'
import { type EnvValues, parseEnvFile } from './parse-env-file.ts'

const beginMarker =
  '# --- written by `trib up`, removed by `trib down --volumes`; your own settings go above this line ---'
const endMarker = '# --- end of what `trib up` wrote ---'

/** The values of an env file; none if it does not exist. */
export function readEnvFile(path: string, environment: Environment = {}): EnvValues {
  return parseEnvFile(readIfThere(path) ?? '', basename(path), environment)
}

export interface EnsureEnvFileOptions {
  readonly path: string
  /** A value for each variable that must be there; it counts only where the file has none. */
  readonly settings: EnvValues
  /** Where variables inside the file's values are looked up first. (Default: nothing) */
  readonly environment?: Environment
}

/**
 * Writes the variables that are missing into a block at the end of the file, and gives their names. The user's own
 * lines stay as they are, and win.
 */
export function ensureEnvFile({ path, settings, environment = {} }: EnsureEnvFileOptions): readonly string[] {
  const text = readIfThere(path) ?? ''
  const file = basename(path)
  const known = parseEnvFile(text, file, environment)
  const { own, block } = splitText(text, file)
  // For Compose the last line of a name counts: what the user sets above must not stand in the block as well.
  const ownNames = Object.keys(parseEnvFile(own, file, { ...known, ...environment }))
  const missing = Object.entries(settings).filter(([name]) => !Object.hasOwn(known, name))
  const kept = Object.entries(parseEnvFile(block, file)).filter(([name]) => !ownNames.includes(name))
  const content = joinText(own, [...kept, ...missing])
  if (content !== text) writeAtomically(path, content)
  closeToOthers(path)
  return missing.map(([name]) => name)
}

/** Takes the block out again, and the file too if nothing of the user's is left in it. */
export function removeGeneratedBlock(path: string): void {
  const text = readIfThere(path)
  if (!text?.includes(beginMarker)) return
  const { own } = splitText(text, basename(path))
  if (own.trim() === '') rmSync(path)
  else writeAtomically(path, own)
}

/** What the user wrote, and what stands between the markers. */
function splitText(text: string, file: string): { readonly own: string; readonly block: string } {
  const begin = text.indexOf(beginMarker)
  if (begin === -1) return { own: text, block: '' }
  const end = text.indexOf(endMarker, begin)
  if (end === -1) {
    const line = text.slice(0, begin).split('\n').length
    throw new TribError(
      'ENV_FILE_INVALID',
      `${file} line ${line}: the block that begins here has lost its end`,
      {
        hint: `put this line behind it: ${endMarker}`,
      },
    )
  }
  const before = text.slice(0, begin)
  // The empty line above the block came with it.
  const above = before.endsWith('\n\n') ? before.slice(0, -1) : before
  const below = text.slice(end + endMarker.length).replace(/^\r?\n/, '')
  return { own: above + below, block: text.slice(begin, end) }
}

function joinText(own: string, written: readonly (readonly [string, string])[]): string {
  if (written.length === 0) return own
  const lines = [beginMarker, ...written.map(([name, value]) => `${name}=${value}`), endMarker, '']
  const above = own === '' ? '' : `${own}${own.endsWith('\n') ? '' : '\n'}\n`
  return above + lines.join('\n')
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** A crash leaves the old file or the new one, never half a file with half the passwords. */
function writeAtomically(path: string, text: string): void {
  // A link to a file elsewhere stays a link.
  const target = existsSync(path) ? realpathSync(path) : path
  const temporary = `${target}.${randomUUID()}.tmp`
  mkdirSync(dirname(target), { recursive: true })
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, target)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function closeToOthers(path: string): void {
  if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
}
