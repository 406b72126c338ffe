import type { DatabaseAddress } from '../database/connect.ts'
import type { Service } from '../topology/topology.ts'

/** How this machine reaches a service's database, as its local owner; undefined when it is none. */
export function databaseOf(service: Service): (DatabaseAddress & { readonly password: string }) | undefined {
  const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: database } = service.environment
  const port = service.ports[0]
  if (user === undefined || password === undefined || database === undefined || !port) return undefined
  return { host: port.host, port: port.port, user, password, database }
}

/** An address that can be shown to anybody. */
export function publicUrl(service: Service): string | undefined {
  const port = service.ports[0]
  if (!port) return undefined
  const database = databaseOf(service)
  if (database) return `postgres://${database.user}@${database.host}:${database.port}/${database.database}`
  if (service.health?.probe.kind === 'http') return `http://${port.host}:${port.port}`
  return undefined
}
