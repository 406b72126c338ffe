import * as yaml from 'yaml'
import { type Environment, interpolate, type MissingVariable } from './interpolate.ts'
import {
  isExtension,
  type LocatedNode,
  type MappingNode,
  type Place,
  type ScalarNode,
} from './located-node.ts'
import type { Problems } from './problems.ts'
import { pairsOf, pathOfKey, resolveAlias, textOf, type Within, type YamlSource } from './yaml-source.ts'

interface LocateOptions {
  readonly environment: Environment
  readonly problems: Problems
}

interface Context extends YamlSource {
  readonly environment: Environment
}

/** Reads YAML into nodes that know their line; aliases, merge keys and variables are resolved. */
export function locateYaml(text: string, { environment, problems }: LocateOptions): MappingNode | undefined {
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false })
  const placeAt = (offset: number, path: string): Place => {
    const { line, col } = lines.linePos(offset)
    return { path, line, column: col }
  }
  // Only the first: what the parser says after it has lost its way misleads. A warning is a tag it does not know.
  const [fault] = [...document.errors, ...document.warnings]
  if (fault) {
    const place = placeAt(fault.pos[0], '')
    problems.add(place, `column ${place.column}: not the YAML of a compose file: ${fault.message}`)
    return undefined
  }
  // Column 0 keeps the file as a whole apart from its first key.
  const file: Place = { path: '', line: 1, column: 0 }
  const context: Context = {
    document,
    problems,
    environment,
    placeOf: (node, path) => placeAt(node.range?.[0] ?? 0, path),
  }
  const root = locate(context, document.contents, { place: file, ancestors: [] })
  if (root.kind === 'mapping') return root
  problems.add(
    file,
    document.contents === null ? 'the file is empty' : 'the file is no mapping of keys to values',
  )
  return undefined
}

function locate(context: Context, nodeOrAlias: yaml.Node | null, within: Within): LocatedNode {
  const { place } = within
  const node = resolveAlias(context, nodeOrAlias, within)
  if (yaml.isScalar(node)) return locateScalar(context, node, place)
  if (!yaml.isCollection(node)) return { ...place, kind: 'scalar', type: 'null', value: '', raw: '' }
  const ancestors = [...within.ancestors, node]
  if (yaml.isMap(node)) {
    const pairs = pairsOf(context, node, { place, ancestors })
    // Extensions last, so that a problem behind an anchor is told as the services' that use it.
    const ordered = pairs.toSorted((a, b) => Number(isExtension(a.key)) - Number(isExtension(b.key)))
    const entries = ordered.map(({ key, keyNode, value }) => {
      const keyPlace = context.placeOf(keyNode, pathOfKey(place, key))
      return [key, locate(context, value, { place: keyPlace, ancestors })] as const
    })
    return { ...place, kind: 'mapping', entries: new Map(entries) }
  }
  const items = node.items.map((item, index) => {
    const itemNode = yaml.isNode(item) ? item : null
    const itemPlace = context.placeOf(itemNode ?? node, `${place.path}[${index}]`)
    return locate(context, itemNode, { place: itemPlace, ancestors })
  })
  return { ...place, kind: 'list', items }
}

function locateScalar({ environment, problems }: Context, node: yaml.Scalar, place: Place): ScalarNode {
  const raw = textOf(node)
  const type = scalarType(node.value)
  const result = type === 'string' ? interpolate(raw, environment) : ({ kind: 'value', value: raw } as const)
  switch (result.kind) {
    case 'value':
      return { ...place, kind: 'scalar', type, value: result.value, raw }
    case 'invalid':
      problems.add(place, `is refused: "${raw}" cannot be filled in: ${result.reason}`)
      break
    case 'missing':
      problems.add(place, missingSentence(result.variables), '`npm run up` writes what is missing into .env')
  }
  return { ...place, kind: 'scalar', type, value: '', raw }
}

function scalarType(value: unknown): ScalarNode['type'] {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' ? 'number' : 'string'
}

function missingSentence(variables: readonly MissingVariable[]): string {
  const names = [...new Set(variables.map(({ name }) => name))]
  const messages = [...new Set(variables.flatMap(({ message }) => message || []))]
  const what =
    names.length === 1
      ? `the variable ${names[0]}, which is not set`
      : `the variables ${names.slice(0, -1).join(', ')} and ${names.at(-1)}, which are not set`
  return `needs ${what}${messages.map(message => `: ${message}`).join('')}`
}
