// The web console's page: TypeScript and CSS into a few small files whose names have a hash of their content.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Below `folder`, which a bundle lies in; `draft` is on the same disk. */
export async function buildPage(root, draft) {
  const { build } = await import('esbuild')
  const source = join(root, 'control', 'console', 'page')
  const { metafile } = await build({
    entryPoints: { app: join(source, 'main.tsx') },
    outdir: draft,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: join(source, 'tsconfig.json'),
    absWorkingDir: root,
    logLevel: 'error',
  })
  const names = Object.keys(metafile.outputs).map(path => basename(path))
  const find = extension => names.find(name => name.endsWith(extension)) ?? ''
  const page = readFileSync(join(source, 'index.html'), 'utf8')
  writeFileSync(
    join(draft, 'index.html'),
    page.replace('app.js', `assets/${find('.js')}`).replace('app.css', `assets/${find('.css')}`),
  )
}

/** A console that runs has its files in memory: old ones need not stay. */
export function publishPage(draft, folder) {
  mkdirSync(folder, { recursive: true })
  const made = readdirSync(draft)
  for (const name of made) renameSync(join(draft, name), join(folder, name))
  for (const name of readdirSync(folder))
    if (!made.includes(name)) rmSync(join(folder, name), { force: true })
}
