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

/** Values always quoted: `on`, `1e5`, `~` and `0x10` are texts for Connect, whichever YAML a reader speaks. */
export function yamlLines(entries: readonly (readonly [string, string])[], indent: string): string {
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
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
