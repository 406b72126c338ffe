import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface TribResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export interface TribOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Called with all of stderr so far whenever more came. */
  readonly onErr?: (stderr: string, child: ChildProcess) => void
}

/** Runs `trib` as a user does: as a program, looked at from outside. */
export function trib(args: readonly string[], { env = {}, onErr }: TribOptions = {}): Promise<TribResult> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'control', 'trib.mjs'), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onErr?.(stderr, child)
    })
    child.on('error', reject)
    child.on('close', code =>
      resolve({ code: code ?? -1, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 }),
    )
  })
}

export interface TestStack extends AsyncDisposable {
  readonly name: string
  readonly folder: string
  /** `trib ARGS --stack NAME`. */
  trib(args: readonly string[], options?: TribOptions): Promise<TribResult>
  json<T>(args: readonly string[]): Promise<T>
  sql<T extends Record<string, unknown>>(service: string, query: string): Promise<readonly T[]>
}

/** A stack of the test's own, with the user's lines of its env file; disposing removes all of it. */
export function createTestStack(settings: Readonly<Record<string, string>> = {}): TestStack {
  const name = `test-${randomBytes(4).toString('hex')}`
  const folder = join(root, '.tributary', name)
  mkdirSync(folder, { recursive: true })
  // A test that looks at a failure must find it; whether the console mends is asked by a test of its own.
  const lines = Object.entries({ CONSOLE_RESTARTS: 'false', ...settings }).map(
    ([key, value]) => `${key}=${value}\n`,
  )
  writeFileSync(join(folder, '.env'), lines.join(''), { mode: 0o600 })
  const run = (args: readonly string[], options?: TribOptions) => trib([...args, '--stack', name], options)
  const json = async <T>(args: readonly string[]): Promise<T> => {
    const { code, stdout, stderr } = await run([...args, '-o', 'json'])
    if (code !== 0) throw new Error(`trib ${args.join(' ')} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout)
  }
  return {
    name,
    folder,
    trib: run,
    json,
    sql: (service, query) => json(['sql', service, query]),
    async [Symbol.asyncDispose]() {
      if (!existsSync(folder)) return
      const { code, stderr } = await run(['down', '--volumes'])
      if (code !== 0) throw new Error(`down --volumes ended with ${code}: ${stderr}`)
    },
  }
}

/** Looks until it is so, with a deadline that says what was awaited and what was seen last. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { deadlineMs = 10_000, intervalMs = 25 } = {},
): Promise<T> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`)
    await new Promise(resolve => setTimeout(resolve, intervalMs))
  }
}
