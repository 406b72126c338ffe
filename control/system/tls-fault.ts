import { messageOf } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import { canBeHost, type HostPort, hostPort } from './host-port.ts'
import type { ServerCertificate } from './look-at-tls.ts'

/** Why two programs could not agree on TLS, as far as the error tells. */
export type TlsFault =
  | 'expired'
  | 'not-yet-valid'
  | 'other-host'
  | 'untrusted'
  /** The server wants to see a certificate of ours. */
  | 'certificate-refused'
  /** The server answered with something else. */
  | 'no-tls'
  /** The server ended the connection before TLS was spoken: most that do not speak it do so, and some that do. */
  | 'cut-off'

const byCode: readonly (readonly [RegExp, TlsFault])[] = [
  [/^CERT_HAS_EXPIRED$/, 'expired'],
  [/^CERT_NOT_YET_VALID$/, 'not-yet-valid'],
  [/ALTNAME_INVALID|HOSTNAME_MISMATCH/, 'other-host'],
  [/^(CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/, 'untrusted'],
]

/** OpenSSL's words for what the other side said (an alert), or for an answer that is no TLS at all; Node's for none. */
const byWords: readonly (readonly [RegExp, TlsFault])[] = [
  [/alert (certificate|bad certificate|unknown ca|handshake failure|access denied)/i, 'certificate-refused'],
  [/wrong version number|packet length too long|http request/i, 'no-tls'],
  [/before secure TLS connection/i, 'cut-off'],
]

/** undefined: it is about something else. An error may stand behind others, as their cause. */
export function tlsFaultOf(error: unknown): TlsFault | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const code = 'code' in at ? String(at.code) : ''
    const fault =
      byCode.find(([pattern]) => pattern.test(code)) ??
      byWords.find(([pattern]) => pattern.test(messageOf(at)))
    if (fault) return fault[1]
  }
  return undefined
}

/** Whether somebody must have been seen there, without TLS, before it is told: who starts anew looks the same. */
export function isAboutNoTls(fault: TlsFault): boolean {
  return fault === 'no-tls' || fault === 'cut-off'
}

export interface TlsPlace extends HostPort {
  /** `https://connect.example.org:8083`, `the broker at kafka-1.example.org:9093`. */
  readonly where: string
  /** As it was shown; undefined: the server does not speak TLS, or could not be looked at. */
  readonly certificate: ServerCertificate | undefined
  readonly hasCertificate: boolean
  /** Whether a password or a token is sent: without TLS, in clear. */
  readonly hasLogin: boolean
  readonly message: string
}

export interface TlsWays {
  readonly giveAuthority: string
  readonly giveCertificate: string
  /** undefined: the address is not of the context's. */
  readonly goTo: (host: string) => string | undefined
  readonly withoutTls: string
}

/** In one sentence with what was seen, and the one command that helps. */
export function describeTlsFault(
  fault: TlsFault,
  place: TlsPlace,
  ways: TlsWays,
): { readonly sentence: string; readonly hint: string } {
  const { where, certificate, hasCertificate, message } = place
  const look = `openssl s_client -connect ${shellWord(hostPort(place))} </dev/null`
  const dates = `${look} | openssl x509 -noout -subject -dates`
  switch (fault) {
    case 'expired':
      return { sentence: `${where} shows a certificate that ended${on(certificate?.validTo)}`, hint: dates }
    case 'not-yet-valid':
      return {
        sentence: `${where} shows a certificate that is not valid yet, but from ${dayOf(certificate?.validFrom)}`,
        hint: dates,
      }
    case 'other-host': {
      const names = certificate?.names ?? []
      const sentence = `${where} shows a certificate for ${names.join(', ') || 'another host'}, not for ${place.host}`
      return { sentence, hint: wayToName(names, ways) ?? dates }
    }
    case 'untrusted': {
      const by = certificate?.issuer ? `, signed by ${certificate.issuer}` : ''
      return {
        sentence: `${where} shows a certificate that is not trusted here${by}: ${message}`,
        hint: ways.giveAuthority,
      }
    }
    case 'certificate-refused':
      return {
        sentence: hasCertificate
          ? `${where} does not trust the certificate that this machine shows${alertIn(message)}`
          : `${where} wants a certificate from this machine, and none is given`,
        hint: ways.giveCertificate,
      }
    case 'cut-off':
    case 'no-tls':
      if (!place.hasLogin) return { sentence: `${where} speaks no TLS`, hint: ways.withoutTls }
      return {
        sentence:
          fault === 'no-tls'
            ? `${where} speaks no TLS, and a login is not sent there in clear text`
            : `${where} ended the connection in the middle of the TLS handshake`,
        hint: look,
      }
  }
}

/** Whoever answers there chose these names, and nobody vouches for them: they may be anything. */
function wayToName(names: readonly string[], { goTo }: TlsWays): string | undefined {
  const hosts = names.filter(canBeHost)
  const name = hosts.find(host => !host.startsWith('*'))
  if (name !== undefined) return goTo(name)
  const way = hosts[0] === undefined ? undefined : goTo(hosts[0].replace('*', 'NAME'))
  return way === undefined ? undefined : `reach it by a name that fits: ${way}`
}

/** What the other side said, out of OpenSSL's long line. */
function alertIn(message: string): string {
  const [, words] = /\balert ([a-z ]+)/.exec(message) ?? []
  return words === undefined ? '' : ` ("${words.trim()}")`
}

const on = (date: Date | undefined): string => (date ? ` on ${dayOf(date)}` : '')
const dayOf = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? 'a later day'
