import type { OpenContext } from '../../contexts/open-context.ts'
import type { NamedBroker } from '../../contexts/service-context.ts'
import { answersOnPort } from '../../system/ports.ts'

/** A row of `trib status`, as far as one who only reaches the ports can tell. */
export interface ServiceRow {
  readonly service: string
  /** `stopped`: its port takes no connection from here. */
  readonly state: 'healthy' | 'stopped'
  /** What starts services is not asked. */
  readonly engine: null
  readonly host: string
  readonly port: number
  readonly url: string | null
  readonly detail: string
}

type Address = Pick<ServiceRow, 'service' | 'host' | 'port' | 'url'>

interface RowsOptions {
  readonly context: Pick<OpenContext, 'connect' | 'sources' | 'source' | 'warehouse'>
  readonly brokers: readonly NamedBroker[]
}

/** Everything that the console speaks to, and whether it takes connections. */
export async function readServiceRows(options: RowsOptions): Promise<readonly ServiceRow[]> {
  const addresses = await listAddresses(options)
  return await Promise.all(
    addresses.map(async ({ service, host, port, url }): Promise<ServiceRow> => {
      const state = (await answersOnPort(port, { host })) ? 'healthy' : 'stopped'
      return { service, state, engine: null, host, port, url, detail: '' }
    }),
  )
}

/** A part that the context does not name is left out: nothing is wrong with it. */
async function listAddresses({ context, brokers }: RowsOptions): Promise<readonly Address[]> {
  const urls = await context.connect().then(
    ({ urls: found }) => found,
    () => [],
  )
  const names = await context.sources().catch(() => [])
  const databases = await Promise.all([
    ...names.map(name => databaseAt(name, () => context.source(name))),
    databaseAt('warehouse', () => context.warehouse()),
  ])
  return [
    ...brokers.map(({ name, address }) => {
      const colon = address.lastIndexOf(':')
      const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
      return { service: name, host, port: Number(address.slice(colon + 1)), url: null }
    }),
    ...urls.map((text, index) => {
      const { hostname: host, port, protocol, origin: url } = new URL(text)
      const service = index === 0 ? 'connect' : `connect-${index + 1}`
      return { service, host, port: Number(port || (protocol === 'https:' ? 443 : 80)), url }
    }),
    ...databases.flat(),
  ]
}

async function databaseAt(
  service: string,
  find: () => ReturnType<OpenContext['warehouse']>,
): Promise<readonly Address[]> {
  const found = await find().catch(() => undefined)
  if (!found) return []
  const { host, port, user, database } = found
  return [{ service, host, port, url: `postgres://${user}@${host}:${port}/${database}` }]
}
