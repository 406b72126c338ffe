import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { setContextCommand } from '../contexts/set-context-command.ts'
import type { DatabaseAddress } from '../database/connect.ts'
import { TribError } from '../errors/trib-error.ts'

/** A connector's database as this machine reaches it: the worker may know it by another address. */
export interface LocatedDatabase {
  /** As the context calls it. */
  readonly name: string
  readonly address: DatabaseAddress
}

type Context = Pick<OpenContext, 'name' | 'kind' | 'sources' | 'source' | 'warehouse'>

/** The source database of a connector: by the host it names, else by its topic prefix, its name or its database. */
export async function locateSource(context: Context, { name, config }: Connector): Promise<LocatedDatabase> {
  const prefix = config['topic.prefix']
  const database = config['database.dbname']
  const host = config['database.hostname'] ?? ''
  const known = await Promise.all(
    (await context.sources()).map(async source => ({ name: source, address: await context.source(source) })),
  )
  const found =
    known.find(one => isHostOf(host, one.name)) ??
    known.find(one => one.name === prefix || one.name === name) ??
    only(known.filter(one => one.address.host === host || one.address.database === database))
  if (found) return { ...found, address: { ...found.address, database: database ?? found.address.database } }
  throw new TribError(
    'CONTEXT_INCOMPLETE',
    `the context '${context.name}' does not say how this machine reaches the database of ${name} (${database ?? '?'} at ${host})`,
    {
      hint: setContext(
        context,
        '--source',
        `${prefix ?? name}=postgres://USER@HOST:5432/${database ?? 'DATABASE'}`,
      ),
    },
  )
}

/** The database that a JDBC sink writes to. */
export async function locateWarehouse(context: Context, { config }: Connector): Promise<LocatedDatabase> {
  const address = await context.warehouse()
  const [, database] = /^jdbc:postgresql:\/\/[^/]*\/([^?]*)/.exec(config['connection.url'] ?? '') ?? []
  const isPlain = database !== undefined && database !== '' && !database.includes('${')
  return { name: 'warehouse', address: { ...address, database: isPlain ? database : address.database } }
}

/** `${env:SITES_DB_HOST}` is the host of `sites-db`: how the stack's own files and a user's beside them say it. */
function isHostOf(host: string, source: string): boolean {
  return host === `\${env:${source.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_HOST}`
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined
}

function setContext({ name, kind }: Context, ...options: readonly string[]): string {
  // The local stack's databases follow from its compose file; one outside needs a context of its own.
  return kind === 'local'
    ? setContextCommand(undefined, '--connect', 'URL', ...options)
    : setContextCommand(name, ...options)
}
