import { timingSafeEqual } from 'node:crypto'

/** What a request says of itself, as far as it decides whether it is answered. */
export interface Incoming {
  readonly method: string
  readonly path: string
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`, which a browser sets and no page can change. */
  readonly fetchSite: string | undefined
  readonly token: string | undefined
}

export interface GuardOptions {
  /** `localhost:27160` and the like. */
  readonly hosts: readonly string[]
  /** Made at random at each start; only a page of ours can read it. */
  readonly token: string
  readonly isReadOnly: boolean
}

export interface Refusal {
  readonly status: 403
  readonly error: string
}

/**
 * Whoever visits a foreign page gives it a way to this machine's ports: a name that the page resolves to 127.0.0.1
 * (so the Host must be ours), and requests sent from there (so the Origin must be ours, and changes want a token).
 */
export function refusalOf(
  incoming: Incoming,
  { hosts, token, isReadOnly }: GuardOptions,
): Refusal | undefined {
  const { method, path, host = '', origin, fetchSite } = incoming
  if (!hosts.includes(host.toLowerCase()))
    return refuse(`the console answers at ${hosts[0]}, not as '${host}'`)
  const isOurs = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`
  if (!isOurs) return refuse(`a page of '${origin}' may not speak to the console`)
  // A link from elsewhere may open the page; data and changes are for our own pages.
  const isForeign = fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none'
  if (isForeign && !(method === 'GET' && path === '/'))
    return refuse('only pages of the console itself may ask for this')
  if (method === 'GET' || method === 'HEAD') return undefined
  if (isReadOnly) return refuse('this console only shows: it was started with --read-only')
  if (origin === undefined) return refuse('a change needs the Origin header that browsers send')
  if (!isEqual(incoming.token ?? '', token))
    return refuse('the page is older than the console: load it again, then repeat the change')
  return undefined
}

/** Names under which a browser on this machine, and a service of the stack, reach the port. */
export function hostsOf(port: number, ownName: string | undefined): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]', ...(ownName ? [ownName.toLowerCase()] : [])]
  return [...new Set(names)].map(name => `${name}:${port}`)
}

function refuse(error: string): Refusal {
  return { status: 403, error }
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
