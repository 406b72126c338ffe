import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { messageOf, TribError } from '../../errors/trib-error.ts'
import { type Answer, errorAnswer, jsonAnswer, send } from './answer.ts'
import { hostsOf, refusalOf } from './guard.ts'

export interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** The body, which is small, as JSON. */
  json(): Promise<unknown>
}

/** `undefined`: the route took the response for itself, as an event stream does. */
export type Handle = (request: Request, response: ServerResponse) => Promise<Answer | undefined>

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number
  readonly bindAddress: string
  /** By which other services of the stack reach it. */
  readonly ownName?: string | undefined
  readonly token: string
  readonly isReadOnly: boolean
  readonly handle: Handle
}

export interface Served extends AsyncDisposable {
  readonly port: number
}

const largestBodyBytes = 16 * 1024

/** The door: whatever comes in is looked at once, here, before any route sees it. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { port: wanted, bindAddress, ownName, token, isReadOnly, handle } = options
  let hosts: readonly string[] = []
  const server = createServer((request, response) => {
    const refusal = refusalOf(incomingOf(request), { hosts, token, isReadOnly })
    if (refusal) return send(request, response, jsonAnswer({ error: refusal.error }, refusal.status))
    handle(toRequest(request), response)
      .catch(errorAnswer)
      .then(answer => {
        if (answer && !response.headersSent) send(request, response, answer)
      })
  })
  // Headers that dribble in must not hold a socket.
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  server.listen({ port: wanted, host: bindAddress })
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw listenFailure(cause, wanted, bindAddress)
  }
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : wanted
  hosts = hostsOf(port, ownName)
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function incomingOf({ method = 'GET', url = '/', headers }: IncomingMessage) {
  const token = headers['x-tributary-token']
  const fetchSite = headers['sec-fetch-site']
  return {
    ...{ method, path: url.split('?')[0] ?? url, host: headers.host, origin: headers.origin },
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    token: typeof token === 'string' ? token : undefined,
  }
}

function toRequest(request: IncomingMessage): Request {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://console')
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: request.headers,
    json: () => readJson(request),
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > largestBodyBytes) throw new TribError('USAGE', 'the request is larger than 16 kB')
    parts.push(part)
  }
  const text = Buffer.concat(parts).toString('utf8')
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch (cause) {
    throw new TribError('USAGE', 'the request is not JSON', { cause })
  }
}

function listenFailure(cause: unknown, port: number, bindAddress: string): TribError {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
  const reason = isTaken ? 'another program listens there' : messageOf(cause)
  return new TribError('PORT_IN_USE', `the console cannot listen on ${bindAddress}:${port}: ${reason}`, {
    hint: 'npx trib console --port 27161',
    cause,
  })
}
