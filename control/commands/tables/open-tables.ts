import type { Command } from 'commander'
import type { Connector } from '../../connect/connect-api.ts'
import type { OpenContext } from '../../contexts/open-context.ts'
import { TribError } from '../../errors/trib-error.ts'
import { kindOf } from '../../plan/connector-kind.ts'
import type { Shell } from '../../shell.ts'
import { type ConnectSession, openConnect } from '../connectors/open-connect.ts'

/** What every command that is about tables of a source begins with. */
export interface TablesSession extends ConnectSession {
  readonly connectors: readonly Connector[]
  readonly source: Connector
}

export async function openTables(shell: Shell, command: Command, service: string): Promise<TablesSession> {
  const session = await openConnect(shell, command)
  const connectors = await session.connect.list()
  return { ...session, connectors, source: await findSource(connectors, session.context, service) }
}

/** By the database that the connector reads, as the context calls it, or by its own name. */
async function findSource(
  connectors: readonly Connector[],
  context: OpenContext,
  service: string,
): Promise<Connector> {
  const { locateSource } = await import('../../pipelines/locate-databases.ts')
  const sources = connectors.filter(({ config, type }) => kindOf(config, type).debezium === 'postgres')
  for (const source of sources) {
    const located = await locateSource(context, source).catch(() => undefined)
    if (located?.name === service || source.name === service) return source
  }
  throw new TribError('USAGE', `no connector reads '${service}'`, {
    hint: `connectors: ${sources.map(({ name }) => name).join(', ') || 'none'}`,
  })
}
