import { type SpawnOptions, spawn } from 'node:child_process'
import { messageOf } from '../errors/trib-error.ts'

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Written to stdin, which is then closed. (Default: no stdin) */
  readonly input?: string
  /** Each whole line of stdout, as it comes. */
  readonly onLine?: (line: string) => void
}

/** Characters of output that are kept, the last ones: a log that is followed for days must not fill the memory. */
const mostKept = 4 * 1024 * 1024

/** Runs a program to its end and gives what it printed; a program that cannot be started counts as code 127. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { onLine, signal, uid, gid, input, ...rest } = options
  if (signal?.aborted) return Promise.reject(signal.reason)
  const spawnOptions: SpawnOptions = {
    ...rest,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }
  if (uid !== undefined) spawnOptions.uid = uid
  if (gid !== undefined) spawnOptions.gid = gid
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, spawnOptions)
    let stdout = ''
    let stderr = ''
    let partial = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-mostKept)
      if (!onLine) return
      const lines = (partial + text).split('\n')
      partial = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.stdin?.on('error', () => {}).end(input)
    const onAbort = () => child.kill('SIGTERM')
    signal?.addEventListener('abort', onAbort, { once: true })
    const finish = (outcome: () => void) => {
      signal?.removeEventListener('abort', onAbort)
      if (signal?.aborted) reject(signal.reason)
      else outcome()
    }
    child.on('error', error => finish(() => resolve({ code: 127, stdout, stderr: messageOf(error) })))
    child.on('close', (code, killedBy) =>
      finish(() =>
        resolve({ code: code ?? 1, stdout, stderr: killedBy ? `${stderr}ended by ${killedBy}` : stderr }),
      ),
    )
  })
}
