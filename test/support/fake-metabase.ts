import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FoundRequest, findRequest } from './fake-metabase/description.ts'

type Thing = Record<string, unknown> & { readonly id: number }

/** A Metabase in this process: it holds what it is told, and refuses what its description does not know. */
export interface FakeMetabase extends AsyncDisposable {
  readonly url: string
  /** `POST /api/card/`, in order. */
  readonly requests: readonly string[]
  /** What the description has against requests that were sent. */
  readonly objections: readonly string[]
  readonly databases: Map<number, Thing>
  readonly collections: Map<number, Thing>
  readonly cards: Map<number, Thing>
  readonly dashboards: Map<number, Thing>
  /** Whether Metabase gets into its databases. */
  isDatabaseReached: boolean
  password: string | undefined
}

interface FakeOptions {
  /** Newer versions keep a query in stages, and answer so. (Default: false) */
  readonly hasStages?: boolean
}

interface Reply {
  readonly status: number
  readonly body: unknown
}

const ok = (body: unknown): Reply => ({ status: 200, body })
const notFound: Reply = { status: 404, body: 'Not found.' }

export async function startFakeMetabase({ hasStages = false }: FakeOptions = {}): Promise<FakeMetabase> {
  const requests: string[] = []
  const objections: string[] = []
  const things = { databases: new Map(), collections: new Map(), cards: new Map(), dashboards: new Map() }
  const { databases, collections, cards, dashboards } = things as Pick<FakeMetabase, keyof typeof things>
  const sessions = new Set<string>()
  const setupToken = 'setup-token-of-an-empty-metabase'
  let nextId = 1
  const make = (kind: Map<number, Thing>, body: object): Reply => {
    const thing = { ...body, id: nextId++ }
    kind.set(thing.id, thing)
    return ok(thing)
  }
  const change = (kind: Map<number, Thing>, id: number, body: object): Reply => {
    const thing = kind.get(id)
    if (!thing) return notFound
    kind.set(id, { ...thing, ...body, id })
    return ok(kind.get(id))
  }
  const login = (): Reply => {
    const id = `session-${nextId++}`
    sessions.add(id)
    return ok({ id })
  }
  /** As Metabase shows it: a password never, and a query in its own form. */
  const shown = (card: Thing): object => {
    const query = card['dataset_query'] as { database: number; native: { query: string } }
    if (!hasStages) return card
    const stages = [{ 'lib/type': 'mbql.stage/native', native: query.native.query }]
    return { ...card, dataset_query: { 'lib/type': 'mbql/query', database: query.database, stages } }
  }
  const fake = {
    ...{ requests, objections, databases, collections, cards, dashboards },
    isDatabaseReached: true,
    password: undefined as string | undefined,
  }

  const carryOut = ({ described, id }: FoundRequest, body: Record<string, never>): Reply => {
    switch (`${described.method} ${described.path}`) {
      case 'GET /api/session/properties':
        return ok({
          'has-user-setup': fake.password !== undefined,
          // Kept after the setup, too: only the other says whether it is done.
          'setup-token': setupToken,
        })
      case 'POST /api/setup/': {
        const { token, user } = body as unknown as { token: string; user: { password: string } }
        if (fake.password !== undefined)
          return { status: 403, body: 'The /api/setup route can only be used to create the first user.' }
        if (token !== setupToken)
          return { status: 400, body: { errors: { token: 'Token does not match the setup token.' } } }
        if (!/\d/.test(user.password))
          return { status: 400, body: { errors: { password: 'password is too common.' } } }
        fake.password = user.password
        return login()
      }
      case 'POST /api/session/':
        if (body['password'] === fake.password) return login()
        return { status: 401, body: { errors: { password: 'did not match stored password' } } }
      case 'GET /api/database/':
        return ok({
          total: databases.size,
          data: [...databases.values()].map(one => ({
            ...one,
            details: { ...(one['details'] as object), password: '**MetabasePass**' },
          })),
        })
      case 'POST /api/database/':
        return make(databases, body)
      case 'PUT /api/database/{id}':
        fake.isDatabaseReached = true
        return change(databases, id, body)
      case 'GET /api/database/{id}/healthcheck':
        return ok(
          fake.isDatabaseReached
            ? { status: 'ok' }
            : { status: 'error', message: 'Looks like the password is incorrect.' },
        )
      case 'GET /api/collection/':
        return ok([{ id: 'root', name: 'Our analytics' }, ...collections.values()])
      case 'POST /api/collection/':
        return make(collections, { ...body, archived: false })
      case 'GET /api/collection/{id}/items': {
        const within = (kind: Map<number, Thing>, model: string) =>
          [...kind.values()]
            .filter(one => one['collection_id'] === id)
            .map(one => ({ id: one.id, name: one['name'], model }))
        return ok({ data: [...within(cards, 'card'), ...within(dashboards, 'dashboard')] })
      }
      case 'POST /api/card/':
        return make(cards, body)
      case 'GET /api/card/{id}': {
        const card = cards.get(id)
        return card ? ok(shown(card)) : notFound
      }
      case 'PUT /api/card/{id}':
        return change(cards, id, body)
      case 'POST /api/dashboard/':
        return make(dashboards, { ...body, dashcards: [] })
      case 'GET /api/dashboard/{id}': {
        const dashboard = dashboards.get(id)
        return dashboard ? ok(dashboard) : notFound
      }
      case 'PUT /api/dashboard/{id}': {
        const { dashcards = [], ...rest } = body as unknown as { dashcards?: { id: number }[] }
        // A number below 0 is a card that is new.
        const kept = dashcards.map(one => ({ ...one, id: one.id < 0 ? nextId++ : one.id }))
        return change(dashboards, id, { ...rest, dashcards: kept })
      }
      default:
        return notFound
    }
  }

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const what = `${request.method} ${url.pathname}`
    requests.push(what)
    const object = (reason: string): Reply => {
      objections.push(`${what}: ${reason}`)
      return { status: 400, body: { message: reason } }
    }
    const found = findRequest(request.method ?? '', url.pathname)
    if (!found) return object('is not in the description')
    const { described } = found
    const names = [...new Set(url.searchParams.keys())]
    const query = Object.fromEntries(names.map(name => [name, url.searchParams.getAll(name)]))
    const asked = described.query?.safeParse(query)
    if (asked ? !asked.success : names.length > 0)
      return object(`its parameters: ${asked?.error?.message ?? names}`)
    const text = await readText(request)
    const body = text === '' ? undefined : JSON.parse(text)
    const sent = described.body?.safeParse(body)
    if (sent ? !sent.success : body !== undefined)
      return object(`its body: ${sent?.error?.message ?? 'has one'}`)
    if (body !== undefined && request.headers['content-type'] !== 'application/json')
      return object('is no JSON')
    const session = request.headers['x-metabase-session']
    if (described.isOpen !== true && !sessions.has(String(session)))
      return { status: 401, body: 'Unauthenticated' }
    return carryOut(found, body ?? {})
  }

  const server = createServer((request, response) => {
    answer(request).then(
      reply => send(response, reply),
      error => send(response, { status: 500, body: String(error) }),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  })
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
