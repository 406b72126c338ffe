import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { AxiosInstance } from 'axios'
import { TribError } from '../errors/trib-error.ts'
import type { TlsFiles } from './connect-api.ts'
import { isLoopback, shownUrl } from './worker-url.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'

export interface HttpRequest {
  readonly method: Method
  readonly path: string
  readonly body?: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** Whatever came back, of any status; the body is not read yet. */
export interface HttpAnswer {
  readonly status: number
  readonly contentType: string
  readonly location: string | undefined
  /** How one should log in, where the answer says it. */
  readonly challenge: string | undefined
  readonly text: string
}

export interface Worker {
  /** As given; may hold a password. */
  readonly url: string
  /** Rejects only where there was no answer. */
  send(request: HttpRequest): Promise<HttpAnswer>
}

interface WorkerOptions {
  readonly tls?: TlsFiles | undefined
  readonly timeoutMs: number
}

/** A host that drops packets is given up long before the system does (about 130 s). */
const connectMs = 3_000
// As Node's own agents have it: the worker (30 s) must not be the first to close an idle connection.
const keepAlive = { keepAlive: true, timeout: 5_000 }

export function openWorker(url: string, { tls, timeoutMs }: WorkerOptions): Worker {
  checkUrl(url)
  let http: Promise<AxiosInstance> | undefined
  return {
    url,
    send: async ({ method, path, body, headers, signal }) => {
      http ??= createHttp(url, { tls, timeoutMs })
      const response = await (await http).request<string>({
        method,
        url: path,
        ...(body === undefined ? {} : { data: JSON.stringify(body) }),
        // Axios calls a POST without a body a form, which Connect answers with 415.
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        ...(signal ? { signal } : {}),
      })
      return {
        status: response.status,
        contentType: String(response.headers['content-type'] ?? '').replace(/;.*/s, ''),
        location: response.headers['location']?.toString(),
        challenge: response.headers['www-authenticate']?.toString(),
        text: response.data ?? '',
      }
    },
  }
}

async function createHttp(url: string, { tls, timeoutMs }: WorkerOptions): Promise<AxiosInstance> {
  // Loaded with the first request: it would make up a quarter of the time that `trib --help` takes.
  const { default: axios } = await import('axios')
  return axios.create({
    baseURL: url,
    timeout: timeoutMs,
    httpAgent: limitConnecting(new Agent(keepAlive)),
    httpsAgent: limitConnecting(new TlsAgent({ ...keepAlive, ...given(tls) })),
    ...(isLoopback(url) ? { proxy: false as const } : {}),
    // A login page behind a redirect would look like an answer.
    maxRedirects: 0,
    responseType: 'text',
    transformResponse: [],
    validateStatus: () => true,
    transitional: { clarifyTimeoutError: true },
  })
}

function checkUrl(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return
  throw new TribError('USAGE', `'${shownUrl(url)}' is no address of Kafka Connect`, {
    hint: 'an address looks like http://127.0.0.1:8083',
  })
}

/** Without what is undefined: an undefined `ca` would be one that trusts nobody. */
function given(tls: TlsFiles = {}): Record<string, string | boolean> {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
}

function limitConnecting<A extends Agent>(agent: A): A {
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback)
    const timer = setTimeout(() => {
      socket?.destroy(
        Object.assign(new Error(`no connection within ${connectMs} ms`), { code: 'ECONNTIMEOUT' }),
      )
    }, connectMs)
    for (const event of ['connect', 'close']) socket?.once(event, () => clearTimeout(timer))
    return socket
  }
  return agent
}
