import { readFileSync, statSync } from 'node:fs'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { maskSecrets } from '../output/log.ts'
import { shellWord } from '../output/shell-words.ts'
import type { Shell } from '../shell.ts'
import { runProgram } from '../system/run-program.ts'
import type { SecretReference } from './secret-reference.ts'
import { expandHome } from './stored-path.ts'

/** Gives the secret that a reference stands for; `what` is what messages call it: `the password for Connect`. */
export type ResolveSecret = (reference: SecretReference, what: string) => Promise<string>

interface ResolverOptions {
  /** The context's name, for messages. */
  readonly context: string
  /** How long a command may take. (Default: 10,000 ms) */
  readonly commandLimitMs?: number
}

/**
 * A command runs once for each process, because it may ask somebody or cost a token; variables and files are read
 * each time, so that a token in a file may change. Whatever is found is masked in all that is printed.
 */
export function createSecretResolver(
  shell: Shell,
  { context, commandLimitMs = 10_000 }: ResolverOptions,
): ResolveSecret {
  const outputs = new Map<string, Promise<string>>()
  const known = new Set<string>()
  const warned = new Set<string>()
  const warnOfOthers = (path: string) => {
    if (warned.has(path)) return
    warned.add(path)
    const fix = `chmod 600 ${shellWord(path)}`
    shell.log({ isDebug: false }).warn('others can read a file that holds a secret', { path, fix })
  }

  const read = ({ env, file, command }: SecretReference, subject: string): string | Promise<string> => {
    if (env !== undefined) return readVariable(shell, env, subject)
    if (file !== undefined) return readSecretFile(expandHome(file, shell.env), subject, warnOfOthers)
    const line = command ?? ''
    const output = outputs.get(line) ?? runCommand(shell, line, { subject, limitMs: commandLimitMs })
    outputs.set(line, output)
    return output
  }
  return async (reference, what) => {
    const subject = `${what} of the context '${context}'`
    const secret = await read(reference, subject)
    // Files are read again and again; the list of what is masked must not grow with it.
    if (!known.has(secret)) shell.addSecrets([secret, encodeURIComponent(secret)])
    known.add(secret)
    if (/[\r\n]/.test(secret))
      throw lacks(`${subject} has several lines, and should be one: ${placeOf(reference)}`, undefined)
    return secret
  }
}

function readVariable({ env }: Shell, name: string, subject: string): string {
  const value = env[name]
  if (value) return value
  const state = value === undefined ? 'is not set' : 'is empty'
  throw lacks(
    `${subject} comes from the variable ${name}, which ${state}`,
    `read -rs ${name} && export ${name}`,
  )
}

function readSecretFile(path: string, subject: string, warnOfOthers: (path: string) => void): string {
  const text = readSecretText(path, subject).replace(/\r?\n$/, '')
  if (text === '') throw lacks(`${subject} comes from the file ${path}, which is empty`, undefined)
  // No refusal: secrets that Docker and Kubernetes mount are readable to all, inside their container.
  if ((statSync(path).mode & 0o077) !== 0) warnOfOthers(path)
  return text
}

function readSecretText(path: string, subject: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = isMissing ? 'does not exist' : `cannot be read: ${messageOf(error)}`
    const hint = isMissing ? `(umask 077 && read -rs SECRET && printf %s "$SECRET" > ${path})` : undefined
    throw lacks(`${subject} comes from the file ${path}, which ${reason}`, hint, error)
  }
}

async function runCommand(
  shell: Shell,
  command: string,
  { subject, limitMs }: { readonly subject: string; readonly limitMs: number },
): Promise<string> {
  const limit = AbortSignal.timeout(limitMs)
  const signal = AbortSignal.any([shell.signal, limit])
  // What the command itself started may hold its output open after it was ended: not waited for.
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  const running = runProgram('sh', ['-c', command], { env: shell.env, signal })
  const finished = await Promise.race([running, aborted]).catch(error => {
    running.catch(() => {})
    if (shell.signal.aborted || !limit.aborted) throw error
    throw lacks(
      `${subject} comes from a command that did not end within ${limitMs / 1000} s: ${command}`,
      command,
    )
  })
  const secret = finished.stdout.trim()
  // Also of a command that failed: its complaint may quote what it had found.
  if (secret !== '') shell.addSecrets([secret])
  if (finished.code !== 0) {
    const complaint = finished.stderr.trim().split('\n').at(-1) || 'it says nothing'
    throw lacks(
      `${subject} comes from a command that ended with code ${finished.code}: ${maskSecrets(complaint, [secret])}`,
      command,
    )
  }
  if (secret === '') throw lacks(`${subject} comes from a command that printed nothing: ${command}`, command)
  return secret
}

function placeOf({ env, file, command }: SecretReference): string {
  return env ?? file ?? command ?? ''
}

function lacks(sentence: string, hint: string | undefined, cause?: unknown): TribError {
  return new TribError('CONTEXT_INCOMPLETE', sentence, { hint, cause })
}
