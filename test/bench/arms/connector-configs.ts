import { readDeclared } from '../../../control/declared/read-declared.ts'
import { root } from '../../support/trib.ts'
import type { Arm, Settings } from './arm.ts'
import { type Needed, sinkDefaults, sourceDefaults } from './defaults.ts'

type Config = Record<string, string>

export interface ConnectorConfigs {
  readonly source: Config
  readonly sink: Config
}

interface Names {
  readonly id: string
  readonly tables: readonly string[]
}

/** The settings of both connectors of an arm, over the bench's own tables. */
export async function connectorConfigs(
  arm: Extract<Arm, { kind: 'connectors' }>,
  names: Names,
): Promise<ConnectorConfigs> {
  const shipped = await readShipped()
  const base = arm.base === 'shipped' ? shipped : defaults(shipped)
  const { source, sink } = overTables(base, names, arm.isAlone)
  return { source: changed(source, arm.source), sink: changed(sink, arm.sink) }
}

async function readShipped(): Promise<ConnectorConfigs> {
  const { connectors } = await readDeclared({
    paths: ['connectors/moodle'],
    readStdin: () => process.stdin,
    cwd: root,
  })
  const configOf = (name: string) => {
    const found = connectors.find(one => one.name === name)
    if (!found) throw new Error(`connectors/moodle declares no ${name}`)
    return { ...found.config }
  }
  return { source: configOf('community-source'), sink: configOf('warehouse-sink') }
}

const where = /^(database\.|connection\.(username|password)$)/

/** Where they read and write is no setting: as shipped, with no parameter in the URL. */
function defaults(shipped: ConnectorConfigs): ConnectorConfigs {
  const place = (config: Config) =>
    Object.fromEntries(Object.entries(config).filter(([key]) => where.test(key)))
  const needed = (settings: readonly Needed[]) =>
    Object.fromEntries(settings.map(({ key, value }) => [key, value]))
  const url = shipped.sink['connection.url']?.split('?')[0] ?? ''
  return {
    source: { ...place(shipped.source), ...needed(sourceDefaults) },
    sink: { ...place(shipped.sink), ...needed(sinkDefaults), 'connection.url': url },
  }
}

const heartbeat = 'tributary.heartbeat'

/** The heartbeat beats on where it is shipped: it costs what it costs. */
function overTables(
  { source, sink }: ConnectorConfigs,
  { id, tables }: Names,
  isAlone = false,
): ConnectorConfigs {
  const own = tables.map(name => `public.${name}`)
  const captured = source['heartbeat.action.query'] ? [...own, heartbeat] : own
  return {
    source: {
      ...source,
      ...{ 'topic.prefix': id, 'slot.name': id, 'publication.name': id },
      'table.include.list': captured.join(','),
    },
    sink: { ...sink, topics: (isAlone ? own : captured).map(table => `${id}.${table}`).join(',') },
  }
}

function changed(config: Config, settings: Settings = {}): Config {
  const kept = Object.entries({ ...config, ...settings }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  )
  return Object.fromEntries(kept)
}
