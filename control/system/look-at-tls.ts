import { isIP } from 'node:net'
import { connect, type PeerCertificate } from 'node:tls'
import type { HostPort } from './host-port.ts'

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
  /** Whether anybody took the connection and answered, or ended it: silence says nothing of TLS. */
  readonly isReached: boolean
  /** undefined: no TLS is spoken there, as far as can be seen. */
  readonly certificate: ServerCertificate | undefined
}

/** It is a look after a failure: whoever waits for the failure's reason waits no longer than this. */
const limitMs = 1_500

/** Nobody was looked at, or nobody answered. */
export const unseen: TlsSight = { isReached: false, certificate: undefined }

/** The certificate that a server shows, trusted or not. After ^C, nobody is asked any more. */
export function lookAtTls({ host, port }: HostPort, signal?: AbortSignal): Promise<TlsSight> {
  if (signal?.aborted) return Promise.resolve(unseen)
  return new Promise(resolve => {
    const name = isIP(host) === 0 ? { servername: host } : {}
    // Nothing is sent, and nothing that is shown is believed.
    const socket = connect({ host, port, rejectUnauthorized: false, ...name })
    let isReached = false
    const end = (sight: TlsSight) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(sight)
    }
    const giveUp = () => end(unseen)
    socket.once('connect', () => {
      isReached = true
    })
    const timer = setTimeout(giveUp, limitMs)
    signal?.addEventListener('abort', giveUp, { once: true })
    socket.once('secureConnect', () =>
      end({ isReached, certificate: toCertificate(socket.getPeerCertificate()) }),
    )
    socket.once('error', () => end({ isReached, certificate: undefined }))
    socket.once('close', () => end({ isReached, certificate: undefined }))
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
