import type { Connector } from '../connect/connect-api.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import { type Database, openDatabase } from '../database/connect.ts'
import { locateSource } from './locate-databases.ts'

interface OpenOptions {
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string
  readonly signal: AbortSignal
}

export interface OpenSource extends Database {
  /** The database as the context calls it. */
  readonly service: string
}

/** A session in the database that a connector reads, from this machine. */
export async function openSource(
  context: OpenContext,
  source: Connector,
  options: OpenOptions,
): Promise<OpenSource> {
  const { name: service, address } = await locateSource(context, source)
  return { ...(await openDatabase({ ...address, ...options })), service }
}
