import { TribError } from '../errors/trib-error.ts'
import type { ConnectClient, ConnectorConfig, KeyDefinition } from './connect-api.ts'

export type KeysOf = (config: ConnectorConfig) => ReadonlyMap<string, KeyDefinition>

/** The keys known for each config: its connector's, and with their prefix those of its transforms and converters. */
export async function readPluginKeys(
  connect: Pick<ConnectClient, 'pluginKeys'>,
  configs: readonly ConnectorConfig[],
): Promise<KeysOf> {
  const classes = [...new Set(configs.flatMap(config => pluginsOf(config).map(plugin => plugin.class)))]
  const entries = await Promise.all(
    classes.map(async name => [name, await connect.pluginKeys(name).catch(noneKnown)] as const),
  )
  const byClass = new Map(entries)
  return config =>
    new Map(
      pluginsOf(config).flatMap(plugin =>
        (byClass.get(plugin.class) ?? []).map(key => [`${plugin.prefix}${key.name}`, key] as const),
      ),
    )
}

/** A class that the worker does not have, or a Connect before 3.2: nothing is known, and validation will tell. */
function noneKnown(error: unknown): readonly KeyDefinition[] {
  if (error instanceof TribError && error.code === 'CONFIG_INVALID') return []
  throw error
}

interface UsedPlugin {
  readonly class: string
  readonly prefix: string
}

/** Later ones win: what the connector itself says of a key comes last. */
function pluginsOf(config: ConnectorConfig): readonly UsedPlugin[] {
  const used = (key: string, prefix: string) => {
    const name = config[key]?.trim()
    return name ? [{ class: name, prefix }] : []
  }
  const aliases = (key: string) => (config[key] ?? '').split(',').map(alias => alias.trim())
  return [
    ...['key.converter', 'value.converter', 'header.converter'].flatMap(key => used(key, `${key}.`)),
    ...['transforms', 'predicates'].flatMap(list =>
      aliases(list).flatMap(alias => used(`${list}.${alias}.type`, `${list}.${alias}.`)),
    ),
    ...used('connector.class', ''),
  ]
}
