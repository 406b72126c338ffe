import { readFileSync } from 'node:fs'
import type { TlsFiles } from '../connect/connect-api.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { checkPair } from './check-pair.ts'
import type { ContextTls } from './context.ts'
import { contextLacks } from './context-lacks.ts'
import type { ResolveSecret } from './resolve-secret.ts'
import { setContextCommand } from './set-context-command.ts'
import { expandHome } from './stored-path.ts'

interface TlsOptions {
  /** The context's name, for messages. */
  readonly context: string
  readonly part: 'connect' | 'kafka'
  readonly env: NodeJS.ProcessEnv
  readonly resolve: ResolveSecret
}

/** Reads the files that a context names. */
export async function readTls(
  { ca, cert, key, passphrase, insecure }: ContextTls,
  { context, part, env, resolve }: TlsOptions,
): Promise<TlsFiles> {
  const of = (what: string) => `the ${what} for ${part === 'connect' ? 'Connect' : 'Kafka'}`
  if (cert && !key)
    throw contextLacks(context, `has ${of('certificate')} but no key to it`, `--${part}-key`, 'FILE')
  if (key && !cert)
    throw contextLacks(context, `has ${of('key')} but no certificate to it`, `--${part}-cert`, 'FILE')
  const named = (what: string) => `${of(what)} of the context '${context}'`
  const read = (path: string | undefined, what: string, option: string) =>
    path && readPem(expandHome(path, env), { what: named(what), context, option })
  const files = {
    ca: read(ca, 'certificate authority', `--${part}-ca`),
    cert: read(cert, 'certificate', `--${part}-cert`),
    key: read(key, 'key', `--${part}-key`),
    passphrase: passphrase && (await resolve(passphrase, of('passphrase of the key'))),
  }
  if (files.cert && files.key) {
    const keyIsIn = `${named('key')} is in ${key}`
    const certIsIn = `${named('certificate')} is in ${cert}`
    checkPair({ ...files, cert: files.cert, key: files.key }, { context, part, keyIsIn, certIsIn })
  }
  return { ...files, rejectUnauthorized: insecure !== true }
}

interface PemOptions {
  /** What messages call it. */
  readonly what: string
  readonly context: string
  readonly option: string
}

/** The text of a PEM file; anything else would fail later, in the words of OpenSSL. */
export function readPem(path: string, { what, context, option }: PemOptions): string {
  const hint = setContextCommand(context, option, 'FILE')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = isMissing ? 'which does not exist' : `which cannot be read: ${messageOf(error)}`
    throw new TribError('CONTEXT_INCOMPLETE', `${what} is in ${path}, ${reason}`, { hint, cause: error })
  }
  if (text.includes('-----BEGIN ')) return text
  throw new TribError('CONTEXT_INCOMPLETE', `${what} is in ${path}, which is no PEM file`, { hint })
}
