// `npm run build`: what images and packages carry.
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBundle, ensureDependencies } from './ensure-bundle.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'dist')
ensureDependencies(root)
// A chunk of an older build would be packed too.
rmSync(folder, { recursive: true, force: true })
await buildBundle(root, folder)
// Not on stdout: there `npm pack --json`, which builds first, prints what it packed.
console.error('built dist/trib.mjs')
