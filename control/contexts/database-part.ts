import type { DatabaseAddress, DatabaseTls } from '../database/connect.ts'
import type { Shell } from '../shell.ts'
import type { ContextDatabase } from './context.ts'
import { type DatabaseUrl, parseDatabaseUrl } from './database-url.ts'
import type { ResolveSecret } from './resolve-secret.ts'
import { expandHome } from './stored-path.ts'
import { readPem } from './tls-files.ts'

interface PartOptions {
  /** The context's name, for messages. */
  readonly name: string
  /** What messages call the database: `the source orders`. */
  readonly what: string
  /** The option that says where it is: `--warehouse`. */
  readonly option: string
  readonly shell: Shell
  readonly resolve: ResolveSecret
}

/** How a source or the warehouse is reached. */
export async function openDatabasePart(
  { url: text, password: reference }: ContextDatabase,
  { name, what, option, shell, resolve }: PartOptions,
): Promise<DatabaseAddress> {
  const url = parseDatabaseUrl(text)
  if ('refused' in url) throw new Error(`an address that was accepted before ${url.refused}`)
  const { host, port, user, database } = url
  const password = reference && (await resolve(reference, `the password for ${what}`))
  const readFile = (path: string | undefined, parameter: string) =>
    path &&
    readPem(expandHome(path, shell.env), {
      what: `the ${parameter} for ${what} of the context '${name}'`,
      context: name,
      option,
    })
  const files = {
    ca: readFile(url.sslrootcert, 'sslrootcert'),
    cert: readFile(url.sslcert, 'sslcert'),
    key: readFile(url.sslkey, 'sslkey'),
  }
  return { host, port, user, database, password, tls: toTls(url, files) }
}

type TlsTexts = Pick<DatabaseTls, 'ca' | 'cert' | 'key'>

/** As libpq does: `require` only encrypts, unless a certificate authority is named. */
function toTls({ sslMode }: DatabaseUrl, files: TlsTexts): DatabaseTls | undefined {
  switch (sslMode) {
    case 'disable':
      return undefined
    case 'require':
      return { ...files, check: files.ca ? 'authority' : 'none' }
    case 'verify-ca':
      return { ...files, check: 'authority' }
    case 'verify-full':
      return { ...files, check: 'authority-and-host' }
  }
}
