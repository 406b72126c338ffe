import type { IncomingMessage, ServerResponse } from 'node:http'
import { messageOf, TribError } from '../../errors/trib-error.ts'

/** What a route gives; the server adds what every answer has. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export const noStore = { 'cache-control': 'no-store' } as const

export function jsonAnswer(value: unknown, status = 200): Answer {
  return {
    status,
    headers: { ...noStore, 'content-type': 'application/json; charset=utf-8' },
    body: `${JSON.stringify(value)}\n`,
  }
}

export function errorAnswer(error: unknown): Answer {
  const known =
    error instanceof TribError ? error : new TribError('INTERNAL', messageOf(error), { cause: error })
  const { code, message, hint } = known
  return jsonAnswer({ code, error: message, hint: hint ?? null }, code === 'USAGE' ? 400 : 502)
}

/** No script but our files, nothing from elsewhere, in no frame. */
const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

export const safetyHeaders = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const

export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status = 200, headers = {}, body } = answer
  response.writeHead(status, { ...safetyHeaders, ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(request.method === 'HEAD' ? undefined : body)
}
