import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { refuse } from './fake-connect/answers.ts'
import { createFakeCluster, type FakeConnector } from './fake-connect/cluster.ts'
import { findRoute } from './fake-connect/find-route.ts'
import { routes } from './fake-connect/routes.ts'

export interface SeenRequest {
  /** `GET /connectors/{name}/status`; of an unknown path, the path itself. */
  readonly template: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

export interface FakeConnectOptions {
  /** How long states lag behind what was asked for. (Default: 10 ms) */
  readonly lagMs?: number
  /** What every request must carry in `authorization`; others get 401. */
  readonly authorization?: string
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string }
}

interface Failure {
  readonly status: number
  readonly body?: unknown
  /** (Default: application/json) */
  readonly contentType?: string
  /** (Default: 1) */
  readonly times?: number
  /** Which requests it is for, by template. (Default: any) */
  readonly match?: string
}

/** A Connect worker in this process, good enough to pass the same contract as the real one. */
export interface FakeConnect extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly SeenRequest[]
  /** How many requests of a template, or in all. */
  count(template?: string): number
  failNext(failure: Failure): void
  /** The request is carried out, and the connection ends without an answer. */
  loseAnswer(template: string): void
  setTaskState(name: string, id: number, state: string, trace?: string): void
  /** Behind the client's back. */
  edit(name: string, change: (connector: FakeConnector) => void): void
  seed(n: number): void
  /** Called before a request is carried out; gives what takes it away again. */
  onRequest(hook: (request: SeenRequest) => void | Promise<void>): () => void
  close(): Promise<void>
}

export async function startFakeConnect(options: FakeConnectOptions = {}): Promise<FakeConnect> {
  const { lagMs = 10, authorization, tls } = options
  const cluster = createFakeCluster({ lagMs })
  const loggers = new Map(['root', ...loggerNames].map(name => [name, 'INFO']))
  const requests: SeenRequest[] = []
  const failures: (Failure & { left: number })[] = []
  const losing: string[] = []
  const hooks = new Set<(request: SeenRequest) => void | Promise<void>>()
  let workerId = ''

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const route = findRoute(request.method ?? 'GET', url.pathname)
    const text = await readText(request)
    const template = route?.template ?? `${request.method} ${url.pathname}`
    const { headers } = request
    const seen: SeenRequest = {
      ...{ template, path: `${url.pathname}${url.search}`, headers },
      body: parseOrUndefined(text),
    }
    requests.push(seen)
    for (const hook of [...hooks]) await hook(seen)
    const failure = failures.find(
      ({ match, left }) => left > 0 && (match === undefined || match === template),
    )
    if (failure) {
      failure.left -= 1
      return reply(response, failure.status, failure.body, failure.contentType)
    }
    if (authorization !== undefined && headers.authorization !== authorization)
      return reply(response, 401, refuse(401, 'User cannot access the resource.').body)
    if (request.method === 'POST' && headers['content-type'] !== 'application/json')
      return reply(response, 415, refuse(415, 'HTTP 415 Unsupported Media Type').body)
    if (!route) return reply(response, 404, refuse(404, 'HTTP 404 Not Found').body)
    const call = { cluster, workerId, loggers, query: url.searchParams, body: seen.body, ...route }
    const { status, body } = routes[route.template]?.(call) ?? refuse(404, 'HTTP 404 Not Found')
    const lost = losing.indexOf(template)
    if (lost === -1) return reply(response, status, body)
    losing.splice(lost, 1)
    response.destroy()
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(error => reply(response, 500, refuse(500, String(error)).body))
  }
  const server = tls
    ? createTlsServer({ ...tls, requestCert: tls.ca !== undefined }, listener)
    : createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  workerId = `127.0.0.1:${port}`
  const edit: FakeConnect['edit'] = (name, change) => {
    const found = cluster.find(name)
    if (!found) throw new Error(`the fake has no connector ${name}`)
    change(found)
  }
  const close = async () => {
    cluster.close()
    if (!server.listening) return
    const closed = new Promise(resolve => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  return {
    ...{ url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, requests, edit, close },
    count: template => requests.filter(seen => template === undefined || seen.template === template).length,
    failNext: failure => void failures.push({ ...failure, left: failure.times ?? 1 }),
    loseAnswer: template => void losing.push(template),
    setTaskState: (name, id, state, trace) =>
      edit(name, connector => {
        connector.tasks[id] = { state, ...(trace === undefined ? {} : { trace }) }
      }),
    seed: n => cluster.seed(n),
    onRequest: hook => {
      hooks.add(hook)
      return () => void hooks.delete(hook)
    },
    [Symbol.asyncDispose]: close,
  }
}

const loggerNames = [
  'io.debezium.connector.jdbc.JdbcSinkConnectorTask',
  'io.debezium.connector.postgresql.PostgresConnectorTask',
  'org.apache.kafka.connect.runtime.Worker',
  'org.apache.kafka.connect.runtime.WorkerSinkTask',
]

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

function parseOrUndefined(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text)
}

function reply(
  response: ServerResponse,
  status: number,
  body?: unknown,
  contentType = 'application/json',
): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, text === '' ? {} : { 'content-type': contentType })
  response.end(text)
}
