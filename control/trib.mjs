#!/usr/bin/env node
// The door: no dependencies, any Node. It installs what is missing, bundles the TypeScript when it changed
// (0.2 s; a start from the bundle takes a third of one through a TypeScript loader), and hands over.
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`trib: Node ${process.versions.node} is too old; Tributary needs Node 20.19 or newer.`)
  console.error('  install it, for instance with: nvm install 20')
  process.exit(1)
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { ensureBundle } = await import('./ensure-bundle.mjs')
try {
  const bundle = await ensureBundle(root)
  const { main } = await import(pathToFileURL(bundle).href)
  await main({
    root,
    launcher: join(root, 'control', 'trib.mjs'),
    pageFolder: join(dirname(bundle), 'page'),
    argv: process.argv.slice(2),
  })
} catch (error) {
  console.error(`trib: ${error instanceof Error ? error.message : error}`)
  if (process.argv.includes('--debug')) console.error(error)
  process.exit(1)
}
