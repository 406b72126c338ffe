import { readFileSync } from 'node:fs'

/** As a worker of 4.3.1 with Debezium 3.7 and 3.6 answers; recorded by `record-plugins.mjs`. */
export interface RecordedKey {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly default_value: string | null
  readonly importance: string
  readonly documentation: string
}

interface RecordedPlugin {
  readonly class: string
  readonly type: string
  readonly version: string
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8'))

export const plugins: readonly RecordedPlugin[] = read('plugins')
export const connectorPlugins = plugins.filter(({ type }) => type === 'source' || type === 'sink')

const keys = new Map<string, readonly RecordedKey[]>(
  plugins.map(plugin => [plugin.class, read(simpleName(plugin.class))]),
)

/** By full or simple name, as Connect takes both. */
export function findPlugin(name: string): RecordedPlugin | undefined {
  return plugins.find(plugin => plugin.class === name || simpleName(plugin.class) === name)
}

export function findConnectorPlugin(name: string): RecordedPlugin | undefined {
  return connectorPlugins.find(
    plugin =>
      plugin.class === name ||
      simpleName(plugin.class) === name ||
      `${name}Connector` === simpleName(plugin.class),
  )
}

export function keysOf(plugin: RecordedPlugin): readonly RecordedKey[] {
  return keys.get(plugin.class) ?? []
}

/** Keys that every connector has are checked by the worker, the others by the plugin, in other words. */
export function isWorkerKey(name: string): boolean {
  return connectorPlugins.every(plugin => keysOf(plugin).some(key => key.name === name))
}

function simpleName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
