import type { OpenContext } from '../contexts/open-context.ts'
import type { DatabaseAddress } from '../database/connect.ts'
import type { LocatedDatabase } from '../pipelines/locate-databases.ts'
import type { SqlPlace } from './snapshot.ts'

type Context = Pick<OpenContext, 'kind' | 'source' | 'warehouse'>

/** `trib sql` speaks to the database that the context names; a connector may read another one of that server. */
export async function sqlPlaceOf(context: Context, { name, address }: LocatedDatabase): Promise<SqlPlace> {
  const { host, port, user, database } = address
  const own = name === 'warehouse' ? await context.warehouse() : await context.source(name)
  const isService = context.kind === 'local' && isSame(own, address)
  return { name, host, port, user, database, isService }
}

function isSame(one: DatabaseAddress, other: DatabaseAddress): boolean {
  return one.host === other.host && one.port === other.port && one.database === other.database
}
