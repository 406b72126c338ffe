import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { TribError } from '../../errors/trib-error.ts'
import { type Answer, noStore } from './answer.ts'
import type { Request } from './serve.ts'

interface Asset {
  readonly type: string
  readonly plain: Buffer
  readonly packed: Buffer
  readonly etag: string
}

export interface Assets {
  /** Changes with the files: how a page knows that its server has newer ones. */
  readonly build: string
  /** `/` and `/assets/NAME`; undefined: there is none of that name. */
  answer(request: Pick<Request, 'path' | 'headers'>): Answer | undefined
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** All of them in memory, packed once: 200 kB, and a build that is made meanwhile does not mix with them. */
export function readAssets(folder: string): Assets {
  const files = new Map(namesIn(folder).map(name => [name, toAsset(name, readFileSync(join(folder, name)))]))
  const build = hashOf([...files.values()].map(({ etag }) => etag).join())
  return {
    build,
    answer({ path, headers }) {
      const name = path === '/' ? 'index.html' : path.replace(/^\/assets\//, '')
      const asset = files.get(name)
      if (!asset || (path !== '/' && (!path.startsWith('/assets/') || name === 'index.html')))
        return undefined
      // Names of files have a hash of their content; the page itself is asked for each time.
      const caching = path === '/' ? { 'cache-control': 'no-cache' } : forever
      const shared = { ...caching, etag: asset.etag, vary: 'accept-encoding' }
      if (headers['if-none-match'] === asset.etag) return { status: 304, headers: shared, body: '' }
      const isPacked = /\bgzip\b/.test(headers['accept-encoding']?.toString() ?? '')
      return {
        headers: {
          ...shared,
          'content-type': asset.type,
          ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
        },
        body: isPacked ? asset.packed : asset.plain,
      }
    },
  }
}

const forever = { 'cache-control': 'public, max-age=31536000, immutable' } as const

/** For a console without pages, such as a test's. */
export const noAssets: Assets = {
  build: 'none',
  answer: ({ path }) =>
    path === '/' ? { headers: noStore, body: 'this console was built without its page\n' } : undefined,
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch (cause) {
    throw new TribError('INTERNAL', `the console's page is not in ${folder}`, {
      hint: 'npm run build',
      cause,
    })
  }
}

function toAsset(name: string, plain: Buffer): Asset {
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { type, plain, packed: gzipSync(plain, { level: 9 }), etag: `"${hashOf(plain)}"` }
}

function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}
