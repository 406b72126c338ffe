import type { DeclaredState } from './declared-connector.ts'

export interface OrderedConnector {
  readonly name: string
  readonly entries: readonly (readonly [string, string])[]
  readonly state?: DeclaredState | undefined
}

/** A bare config; one with a state is what `POST /connectors` takes, since a config has no place for it. */
export function writeJson({ name, entries, state }: OrderedConnector): string {
  const named = JSON.stringify(name)
  const lines = (indent: string, members: readonly string[]) =>
    members.map(member => indent + member).join(',\n')
  // Not by JSON.stringify: it would put keys that are numbers first.
  const members = entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  if (!state) return `{\n${lines('  ', [`"name": ${named}`, ...members])}\n}\n`
  const config = `"config": {\n${lines('    ', members)}\n  }`
  return `{\n${lines('  ', [`"name": ${named}`, `"initial_state": "${state.toUpperCase()}"`, config])}\n}\n`
}

export function writeYaml({ name, entries, state }: OrderedConnector): string {
  if (!state) return yamlLines([['name', name], ...entries], '')
  const head = `name: ${quoted(name)}\ninitial_state: ${state.toUpperCase()}\nconfig:`
  return `${head}${entries.length === 0 ? ' {}\n' : `\n${yamlLines(entries, '  ')}`}`
}

/** Kubernetes takes lower-case names only; another one is kept, because the connector has it. */
export function writeStrimzi({ name, entries, state }: OrderedConnector): string {
  const values = new Map(entries)
  const pluginClass = values.get('connector.class')
  const tasks = values.get('tasks.max')
  const rest = entries.filter(([key]) => key !== 'connector.class' && key !== 'tasks.max')
  return [
    // v1 only since Strimzi 0.49; v1beta2 is what every version before 1.0 reads.
    'apiVersion: kafka.strimzi.io/v1beta2',
    'kind: KafkaConnector',
    'metadata:',
    `  name: ${quoted(name)}`,
    '  labels:',
    '    # The name of your KafkaConnect; without this label Strimzi leaves the connector alone.',
    '    strimzi.io/cluster: connect',
    'spec:',
    ...(pluginClass === undefined ? [] : [`  class: ${quoted(pluginClass)}`]),
    // A number for Strimzi, where it is one as people write it.
    ...(tasks === undefined ? [] : [`  tasksMax: ${/^[1-9]\d{0,8}$/.test(tasks) ? tasks : quoted(tasks)}`]),
    ...(state ? [`  state: ${state}`] : []),
    ...(rest.length === 0 ? ['  config: {}', ''] : [`  config:\n${yamlLines(rest, '    ')}`]),
  ].join('\n')
}

/** Values always quoted: `on`, `1e5`, `~` and `0x10` are texts for Connect, whichever YAML a reader speaks. */
function yamlLines(entries: readonly (readonly [string, string])[], indent: string): string {
  return entries
    .map(([key, value]) => {
      const written = isPlainKey(key) ? key : quoted(key)
      // YAML ends a key after 1024 letters, unless a "?" announces it.
      if (written.length > 1000) return `${indent}? ${written}\n${indent}: ${quoted(value)}\n`
      return `${indent}${written}: ${quoted(value)}\n`
    })
    .join('')
}

function isPlainKey(key: string): boolean {
  return /^[A-Za-z][\w.-]*$/.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key)
}

/** JSON's quotes are YAML's, but for some signs that YAML does not print. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
