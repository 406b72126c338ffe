import { isAbsolute } from 'node:path'
import { toStoredPath } from './stored-path.ts'

/** libpq's, but for `allow` and `prefer`: they fall back to clear text without a word. */
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

const fileParameters = ['sslrootcert', 'sslcert', 'sslkey'] as const
const parameters: readonly string[] = ['sslmode', ...fileParameters]

/** `postgres://user@host:5432/database?sslmode=verify-full&sslrootcert=/etc/ca.pem`, in parts. */
export interface DatabaseUrl {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** (Default: disable on this machine's loopback, require elsewhere) */
  readonly sslMode: SslMode
  /** Paths of PEM files. */
  readonly sslrootcert?: string
  readonly sslcert?: string
  readonly sslkey?: string
}

/** The parts, or the reason why it is refused; a reason shows nothing that may be a password. */
export function parseDatabaseUrl(text: string): DatabaseUrl | { readonly refused: string } {
  const example = 'postgres://user@host:5432/database?sslmode=verify-full'
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol) || url.hostname === '') {
    return { refused: `is no address like ${example}` }
  }
  if (url.password !== '') {
    return {
      refused: `holds a password; write ${withoutPassword(url)}, and the password beside it as {env: NAME}, {file: PATH} or {command: "…"}`,
    }
  }
  const user = decode(url.username)
  const database = decode(url.pathname.slice(1))
  if (!user) return { refused: `names no user; write it like ${example}` }
  if (!database) return { refused: `names no database; write it like ${example}` }
  const unknown = [...url.searchParams.keys()].find(name => !parameters.includes(name))
  if (unknown !== undefined)
    return { refused: `has the parameter "${unknown}"; known are ${parameters.join(', ')}` }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const mode = url.searchParams.get('sslmode') ?? (isLoopback(host) ? 'disable' : 'require')
  const sslMode = sslModes.find(known => known === mode)
  if (!sslMode) return { refused: `has sslmode=${mode}; it must be one of ${sslModes.join(', ')}` }
  const files = fileParameters.flatMap(name => {
    const path = url.searchParams.get(name)
    return path === null ? [] : [[name, path] as const]
  })
  const relative = files.find(([, path]) => !isAbsolute(path) && !path.startsWith('~/'))
  if (relative) return { refused: `has ${relative[0]}=${relative[1]}, which is no absolute path` }
  return { host, port: Number(url.port || 5432), user, database, sslMode, ...Object.fromEntries(files) }
}

/** The files that an address from the command line names, as a context keeps them. */
export function absoluteFiles(text: string): string {
  return text.replace(/(?<=[?&]ssl(?:rootcert|cert|key)=)[^&]+/g, path =>
    path.startsWith('/') || path.includes('%') ? path : encodeURI(toStoredPath(path)),
  )
}

function withoutPassword(url: URL): string {
  const shown = new URL(url)
  shown.password = ''
  // A parameter may hold a password, too.
  shown.search = ''
  return shown.href
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
