import { messageOf, TribError } from '../errors/trib-error.ts'

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
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/
const otherProtocol = /^(EPROTO|HPE_|ERR_SSL|ERR_OSSL|ERR_TLS)/

/** What may be tried again or elsewhere is given; what never helps is thrown in our words. */
export function transportFailure(error: unknown, url: string): TransportFailure {
  const code = codeOf(error)
  if (unreachable.has(code)) return { kind: 'unreachable', reason: code }
  if (lost.has(code)) return { kind: 'lost', reason: code }
  const cause = withoutRequest(error)
  if (untrusted.test(code)) {
    throw new TribError(
      'CONNECT_FAILED',
      `${url} shows a certificate that is not trusted here: ${messageOf(error)}`,
      {
        hint: 'give the authority that signed it: npx trib config set-context --help',
        cause,
      },
    )
  }
  if (otherProtocol.test(code)) {
    throw new TribError('CONNECT_FAILED', `${url} does not speak ${protocolOf(url)}: ${messageOf(error)}`, {
      hint: 'is it http:// or https://? npx trib config set-context --help shows how certificates are given',
      cause,
    })
  }
  throw new TribError('CONNECT_FAILED', `${url} could not be asked: ${messageOf(error)}`, { cause })
}

function protocolOf(url: string): string {
  return url.startsWith('https:') ? 'HTTPS with these certificates' : 'HTTP'
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

/** An AxiosError carries the request's headers, and `--debug` prints causes. */
function withoutRequest(error: unknown): Error {
  return Object.assign(new Error(messageOf(error)), { code: codeOf(error) })
}
