// `npm run build`: the one file that images and packages carry.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBundle, ensureDependencies } from './ensure-bundle.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
ensureDependencies(root)
mkdirSync(join(root, 'dist'), { recursive: true })
await buildBundle(root, join(root, 'dist', 'trib.mjs'))
console.log('dist/trib.mjs')
