import { setContextCommand } from '../contexts/set-context-command.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { type HostPort, hostPort } from '../system/host-port.ts'
import { lookAtTls, unseen } from '../system/look-at-tls.ts'
import {
  describeTlsFault,
  isAboutNoTls,
  type TlsFault,
  type TlsPlace,
  tlsFaultOf,
} from '../system/tls-fault.ts'
import type { ConnectAccess } from './connect-api.ts'
import { shownUrl } from './worker-url.ts'

/** Why a worker gave no answer. `unreachable`: it never got the request; `lost`: it may have acted on it. */
export interface TransportFailure {
  readonly kind: 'unreachable' | 'lost'
  readonly reason: string
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ECONNTIMEOUT',
])
const lost = new Set(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])
const cutOff = new Set(['ECONNRESET', 'EPIPE'])
const otherProtocol = /^(EPROTO|HPE_|ERR_SSL|ERR_OSSL|ERR_TLS)/

interface Ways extends Pick<ConnectAccess, 'urls' | 'headers' | 'tls' | 'context'> {
  readonly signal?: AbortSignal | undefined
}

/** What may be tried again or elsewhere is given; what never helps is thrown in our words. */
export async function transportFailure(error: unknown, url: string, ways: Ways): Promise<TransportFailure> {
  const code = codeOf(error)
  if (unreachable.has(code)) return { kind: 'unreachable', reason: code }
  const { hostname, port, protocol } = new URL(url)
  const isTls = protocol === 'https:'
  const address = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (isTls ? 443 : 80)),
  }
  const fault = isTls ? tlsFaultOf(error) : undefined
  const isAsked = fault !== undefined || (!isTls && (cutOff.has(code) || otherProtocol.test(code)))
  const { isReached, certificate } = isAsked ? await lookAtTls(address, ways.signal) : unseen
  if (!isTls && certificate) {
    throw failed(error, `${url} speaks TLS, and was spoken to in clear text`, {
      hint: setContextCommand(ways.context, '--connect', withUrl(url, ways, { ...address, scheme: 'https' })),
    })
  }
  // A worker that ends in the middle of a handshake looks like one that speaks no TLS.
  if (fault !== undefined && (!isAboutNoTls(fault) || (isReached && !certificate))) {
    const hasCertificate = ways.tls?.cert !== undefined
    const hasLogin = ways.headers !== undefined || new URL(url).username !== ''
    const has = { hasCertificate, hasLogin }
    const place = { ...address, ...has, where: url, certificate, message: messageOf(error) }
    throw tlsFailure(error, fault, { place, ways })
  }
  if (lost.has(code) || fault !== undefined) return { kind: 'lost', reason: code }
  if (otherProtocol.test(code)) {
    throw failed(error, `${url} does not speak ${isTls ? 'HTTPS' : 'HTTP'}: ${messageOf(error)}`, {
      hint: `is it http:// or https://? ${setContextCommand(ways.context, '--connect', 'URL')}`,
    })
  }
  throw failed(error, `${url} could not be asked: ${messageOf(error)}`)
}

function tlsFailure(
  error: unknown,
  fault: TlsFault,
  { place, ways }: { readonly place: TlsPlace; readonly ways: Ways },
): TribError {
  const set = (...options: readonly string[]) => setContextCommand(ways.context, ...options)
  const { sentence, hint } = describeTlsFault(fault, place, {
    giveAuthority: set('--connect-ca', 'FILE'),
    giveCertificate: set('--connect-cert', 'FILE', '--connect-key', 'FILE'),
    goTo: host => set('--connect', withUrl(place.where, ways, { ...place, host, scheme: 'https' })),
    withoutTls: set('--connect', withUrl(place.where, ways, { ...place, scheme: 'http' })),
  })
  return failed(error, sentence, { hint })
}

/** The workers of the context, one of them by another scheme or host; its path stays. */
function withUrl(
  url: string,
  { urls }: Ways,
  { scheme, ...address }: HostPort & { readonly scheme: 'http' | 'https' },
): string {
  const changed = `${scheme}://${hostPort(address)}${new URL(url).pathname.replace(/\/$/, '')}`
  return [...new Set(urls.map(shownUrl).map(one => (one === url ? changed : one)))].join(',')
}

function failed(error: unknown, sentence: string, { hint }: { readonly hint?: string } = {}): TribError {
  return new TribError('CONNECT_FAILED', sentence, { hint, cause: withoutRequest(error) })
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** An AxiosError carries the request's headers, and `--debug` prints causes. */
function withoutRequest(error: unknown): Error {
  return Object.assign(new Error(messageOf(error)), { code: codeOf(error) })
}
