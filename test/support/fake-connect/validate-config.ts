import {
  connectorPlugins,
  findConnectorPlugin,
  findPlugin,
  isWorkerKey,
  keysOf,
  type RecordedKey,
} from './plugins.ts'

type Config = Readonly<Record<string, string>>

export interface Finding {
  readonly definition: RecordedKey
  readonly value: { readonly name: string; readonly value: string | null; readonly errors: string[] }
}

/** The sentence of the real one, with its list that a user must not see. */
export function unknownConnectorClass(name: string): string {
  const known = connectorPlugins.map(
    plugin =>
      `PluginDesc{klass=class ${plugin.class}, name='${plugin.class}', version='${plugin.version}', ` +
      `encodedVersion=${plugin.version}, type=${plugin.type}, typeName='${plugin.type}', location='file:/plugins/'}`,
  )
  return `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${known.join(', ')}`
}

/** What a worker finds in a config whose class it has: types, what is missing, and the keys of transformations. */
export function validateConfig(config: Config): readonly Finding[] {
  const plugin = findConnectorPlugin(config['connector.class'] ?? '')
  if (!plugin) throw new Error(unknownConnectorClass(config['connector.class'] ?? ''))
  const definitions = [...keysOf(plugin), ...transformKeys(config), ...converterKeys(config)]
  const findings = definitions.map(definition => {
    const value = config[definition.name]
    return {
      definition,
      value: {
        name: definition.name,
        value: value === undefined ? definition.default_value : shown(definition, value),
        errors: errorsOf(definition, value, plugin.type),
      },
    }
  })
  const add = (name: string, error: string) =>
    findings.find(({ definition }) => definition.name === name)?.value.errors.push(error)
  if (plugin.type === 'sink' && !config['topics'] && !config['topics.regex']) {
    for (const name of ['topics', 'topics.regex']) add(name, 'Must configure one of topics or topics.regex')
  }
  if (plugin.type === 'source') {
    const needed = ['database.hostname', 'database.user', 'database.dbname', 'topic.prefix']
    for (const name of needed.filter(key => !config[key]))
      add(name, `The '${name}' value is invalid: A value is required`)
  }
  return findings
}

/** As the worker shows it: secrets hidden, references replaced, but for a variable that it does not have. */
function shown({ type }: RecordedKey, value: string): string {
  if (type === 'PASSWORD') return '[hidden]'
  return value.replaceAll(/\$\{env:(?!UNSET)[^}]*\}/g, 'resolved')
}

function errorsOf(
  { name, type, required, default_value }: RecordedKey,
  value: string | undefined,
  kind: string,
): string[] {
  if (value === undefined)
    return required && default_value === null
      ? [`Missing required configuration "${name}" which has no default value.`]
      : []
  const isConverter = /^(key|value|header)\.converter$/.test(name)
  if ((isConverter || name.endsWith('.type')) && type === 'CLASS' && !findPlugin(value))
    return [`Invalid value ${value} for configuration ${name}: Class ${value} could not be found.`]
  if (value.includes('${')) return []
  const isNumber = ['INT', 'LONG', 'SHORT'].includes(type)
  const isFine = isNumber
    ? /^-?\d+$/.test(value)
    : type === 'DOUBLE'
      ? Number.isFinite(Number(value))
      : type !== 'BOOLEAN' || /^(true|false)$/i.test(value)
  if (isFine) return []
  // The JDBC sink lets Kafka check its keys, as the worker does; Debezium's sources do it themselves.
  if (kind === 'sink' || isWorkerKey(name) || name.includes('transforms.')) {
    const reason =
      type === 'BOOLEAN' ? 'Expected value to be either true or false' : `Not a number of type ${type}`
    return [`Invalid value ${value} for configuration ${name}: ${reason}`]
  }
  return [
    `The '${name}' value is invalid: A${type === 'INT' ? 'n' : ''} ${type.toLowerCase()} value is expected`,
  ]
}

function transformKeys(config: Config): RecordedKey[] {
  const aliases = (config['transforms'] ?? '')
    .split(',')
    .map(alias => alias.trim())
    .filter(Boolean)
  return aliases.flatMap(alias => {
    const prefix = `transforms.${alias}.`
    const plugin = findPlugin(config[`${prefix}type`] ?? '')
    const own = plugin ? keysOf(plugin) : []
    return [
      simpleKey(`${prefix}type`, { type: 'CLASS', required: true }),
      ...own.map(key => ({ ...key, name: prefix + key.name })),
      simpleKey(`${prefix}negate`, { type: 'BOOLEAN', default_value: 'false' }),
      simpleKey(`${prefix}predicate`, { type: 'STRING' }),
    ]
  })
}

/** A converter's own keys come only where the config names one. */
function converterKeys(config: Config): RecordedKey[] {
  return ['key.converter', 'value.converter', 'header.converter'].flatMap(name => {
    const plugin = findPlugin(config[name] ?? '')
    // `converter.type` is required and set by the worker itself.
    return plugin
      ? keysOf(plugin).map(key => ({
          ...key,
          name: `${name}.${key.name}`,
          required: key.required && key.name !== 'converter.type',
        }))
      : []
  })
}

function simpleKey(name: string, part: Partial<RecordedKey> & { readonly type: string }): RecordedKey {
  return { name, required: false, default_value: null, importance: 'HIGH', documentation: '', ...part }
}
