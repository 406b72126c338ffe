import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { setContextCommand } from './set-context-command.ts'

/** A certificate with the key to it. */
interface Pair {
  readonly cert: string
  readonly key: string
  readonly passphrase: string | undefined
}

interface PairNames {
  readonly context: string
  readonly part: 'connect' | 'kafka'
  /** What sentences begin with: `the key for Connect of the context 'prod' is in /etc/key.pem`. */
  readonly keyIsIn: string
  readonly certIsIn: string
}

/** Refused here and in our words: a client says it in OpenSSL's, and of a connection. */
export function checkPair(pair: Pair, names: PairNames): void {
  const { part, keyIsIn, certIsIn } = names
  const key = openKey(pair, names)
  if (key.kind === 'no-passphrase')
    throw refused(`${keyIsIn}, which wants a passphrase`, passphraseOf(part), names)
  if (key.kind === 'wrong-passphrase')
    throw refused(`${keyIsIn}, which the passphrase given does not open`, passphraseOf(part), names)
  const certificate = readCertificate(pair.cert, names)
  if (certificate.checkPrivateKey(key.opened)) return
  const both = [`--${part}-cert`, 'FILE', `--${part}-key`, 'FILE']
  throw refused(`${certIsIn}, and the key given is of another one`, both, names)
}

type OpenedKey =
  | { readonly kind: 'opened'; readonly opened: KeyObject }
  | { readonly kind: 'no-passphrase' }
  | { readonly kind: 'wrong-passphrase' }

function openKey({ key, passphrase }: Pair, names: PairNames): OpenedKey {
  try {
    const opened = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) })
    return { kind: 'opened', opened }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // OpenSSL would ask for it at the terminal, and is kept from that.
    if (/MISSING_PASSPHRASE|INTERRUPTED_OR_CANCELLED/.test(code)) return { kind: 'no-passphrase' }
    // One wrong passphrase of 256 opens it, and what comes out is no key.
    if (passphrase !== undefined && key.includes('ENCRYPTED')) return { kind: 'wrong-passphrase' }
    const sentence = `${names.keyIsIn}, which is no private key: ${messageOf(error)}`
    throw refused(sentence, [`--${names.part}-key`, 'FILE'], names)
  }
}

function readCertificate(cert: string, names: PairNames): X509Certificate {
  try {
    return new X509Certificate(cert)
  } catch (error) {
    const sentence = `${names.certIsIn}, which is no certificate: ${messageOf(error)}`
    throw refused(sentence, [`--${names.part}-cert`, 'FILE'], names)
  }
}

const passphraseOf = (part: string) => [
  `--${part}-key-passphrase`,
  `env:${part.toUpperCase()}_KEY_PASSPHRASE`,
]

function refused(sentence: string, options: readonly string[], { context }: PairNames): TribError {
  return new TribError('CONTEXT_INCOMPLETE', sentence, {
    hint: setContextCommand(context, ...options),
  })
}
