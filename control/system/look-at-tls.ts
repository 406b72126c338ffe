import { isIP } from 'node:net'
import { connect, type PeerCertificate } from 'node:tls'

/** What a server shows of itself. */
export interface ServerCertificate {
  /** The hosts that it is for: names and addresses. */
  readonly names: readonly string[]
  /** The name of whoever signed it. */
  readonly issuer: string
  readonly validFrom: Date
  readonly validTo: Date
}

export interface TlsSight {
  /** Whether anybody took the connection: one that is down, or starting anew, says nothing of TLS. */
  readonly isReached: boolean
  /** undefined: no TLS is spoken there, as far as can be seen. */
  readonly certificate: ServerCertificate | undefined
}

/** It is a look after a failure: whoever waits for the failure's reason waits no longer than this. */
const limitMs = 1_500

/** The certificate that a server shows, trusted or not. */
export function lookAtTls({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): Promise<TlsSight> {
  return new Promise(resolve => {
    const name = isIP(host) === 0 ? { servername: host } : {}
    // Nothing is sent, and nothing that is shown is believed.
    const socket = connect({ host, port, rejectUnauthorized: false, ...name })
    let isReached = false
    const end = (certificate: ServerCertificate | undefined) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ isReached, certificate })
    }
    socket.once('connect', () => {
      isReached = true
    })
    const timer = setTimeout(end, limitMs, undefined)
    socket.once('secureConnect', () => end(toCertificate(socket.getPeerCertificate())))
    socket.once('error', () => end(undefined))
    socket.once('close', () => end(undefined))
  })
}

function toCertificate({
  subject,
  subjectaltname = '',
  issuer,
  ...dates
}: PeerCertificate): ServerCertificate {
  const names = subjectaltname.split(', ').flatMap(part => /^(?:DNS|IP Address):(.+)$/.exec(part)?.[1] ?? [])
  return {
    names: names.length > 0 ? names : [subject?.CN].flat().flatMap(name => name ?? []),
    issuer: [issuer?.CN ?? issuer?.O ?? ''].flat()[0] ?? '',
    validFrom: new Date(dates.valid_from),
    validTo: new Date(dates.valid_to),
  }
}
