import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheDir } from '../../control/system/cache-dir.ts'
import { runProgram } from '../../control/system/run-program.ts'
import { root } from '../support/trib.ts'

const requirements = join(root, 'analytics', 'moodle', 'requirements.txt')

/** The oldest for which every package of the requirements is made. */
const oldest = [3, 11] as const

export type FoundPython =
  | { readonly kind: 'found'; readonly program: string; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string }

/** `$PYTHON`, else python3: new enough, and able to make environments. */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<FoundPython> {
  const program = env['PYTHON'] || 'python3'
  const script = 'import ensurepip, sys, venv; print("%d.%d.%d" % sys.version_info[:3])'
  const { code, stdout, stderr } = await runProgram(program, ['-c', script], { env })
  const install =
    'on Debian and Ubuntu: apt-get install python3 python3-venv; or name another: PYTHON=python3.12'
  if (code !== 0) {
    const said = stderr.trim().split('\n').at(-1)
    return { kind: 'missing', reason: `${program} cannot make environments (${said}); ${install}` }
  }
  const version = stdout.trim()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1]))
    return { kind: 'found', program, version }
  return { kind: 'missing', reason: `${program} is version ${version}, 3.11 or newer is needed; ${install}` }
}

/** The program of an environment with the pinned packages; made once for each of their versions, and kept. */
export async function ensureEnvironment({ program, version }: Extract<FoundPython, { kind: 'found' }>) {
  const key = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex')
  const folder = join(defaultCacheDir(process.env), `notebook-${key.slice(0, 12)}`)
  const python = join(folder, 'bin', 'python')
  if (existsSync(folder)) return python
  const draft = `${folder}.${process.pid}`
  try {
    mkdirSync(defaultCacheDir(process.env), { recursive: true })
    await succeed(program, ['-m', 'venv', draft])
    const options = ['--disable-pip-version-check', '--no-input', '--only-binary=:all:', '--quiet']
    await succeed(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...options, '-r', requirements])
    renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return python
}

export async function succeed(program: string, args: readonly string[], env = process.env): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program, args, { env })
  if (code === 0) return stdout
  throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr.slice(-4_000)}`)
}
