import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStack, type Stack } from '../../control/stack/stack.ts'
import { copyClone } from '../support/copy-clone.ts'
import { root, type TribResult } from '../support/trib.ts'

export interface CloneOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** Who owns the clone and runs its commands. (Default: whoever runs the test) */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  readonly env?: NodeJS.ProcessEnv
  /** What the shell of a careful administrator takes away from new files. (Default: the test's own) */
  readonly umask?: string
}

export interface Clone extends AsyncDisposable {
  readonly stack: Stack
  /** `trib ARGS --stack NAME`, run in the clone as its owner. */
  trib(args: readonly string[]): Promise<TribResult>
}

/** What git would clone, with the changes that are not committed yet; its packages are hard links to ours. */
export function createClone(folder: string, options: CloneOptions = {}): Clone {
  const { settings = {}, user, env = process.env, umask } = options
  copyClone(folder)
  const stack = openStack(folder, `test-${randomBytes(4).toString('hex')}`)
  mkdirSync(stack.folder, { recursive: true })
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(stack.envFile, lines.join(''), { mode: 0o600 })
  linkPackages(folder)
  if (user) giveTo(folder, user)

  const words = [process.execPath, join(folder, 'control', 'trib.mjs')]
  const shell = umask === undefined ? [] : ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh']
  const trib = (args: readonly string[]) =>
    run([...shell, ...words, ...args, '--stack', stack.name], {
      cwd: folder,
      env: { ...env, NO_COLOR: '1' },
      user,
    })
  return {
    stack,
    trib,
    async [Symbol.asyncDispose]() {
      if (!existsSync(stack.folder)) return
      const { code, stderr } = await trib(['down', '--volumes'])
      if (code !== 0) throw new Error(`down --volumes ended with ${code}: ${stderr}`)
    },
  }
}

/** The bundle in it is ours; the clone makes its own. */
function linkPackages(folder: string): void {
  execFileSync('cp', ['-al', join(root, 'node_modules'), folder])
  rmSync(join(folder, 'node_modules', '.cache'), { recursive: true, force: true })
}

/** Hard links are left out: theirs would be our own packages' owner. */
function giveTo(folder: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  const packages = join(folder, 'node_modules')
  execFileSync('find', [
    folder,
    '-path',
    packages,
    '-prune',
    '-o',
    '-exec',
    'chown',
    `${uid}:${gid}`,
    '{}',
    '+',
  ])
  chownSync(packages, uid, gid)
}

interface RunOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly user: CloneOptions['user']
}

function run([program = '', ...args]: readonly string[], { user, ...rest }: RunOptions): Promise<TribResult> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...rest, ...user, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', code =>
      resolve({ code: code ?? -1, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 }),
    )
  })
}
