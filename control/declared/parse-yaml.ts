import * as yaml from 'yaml'
import type { LocatedNode, Place, ScalarNode } from '../topology/located-node.ts'
import { textOf } from '../topology/yaml-source.ts'
import type { AddProblem } from './input-problems.ts'
import { deepest } from './parse-json.ts'

/** A few lines of aliases can stand for billions of values. */
const mostAliased = 10_000

class YamlFault extends Error {
  readonly place: Place

  constructor(place: Place, sentence: string) {
    super(sentence)
    this.place = place
  }
}

/** The documents of a YAML text, without those that are empty; undefined, and a problem, where it is none. */
export function parseYaml(source: string, add: AddProblem): readonly LocatedNode[] | undefined {
  const lines = new yaml.LineCounter()
  const placeAt = (offset: number, path: string): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col, path }
  }
  if (isTooDeep(source)) {
    add(undefined, tooDeep)
    return undefined
  }
  try {
    const parsed = yaml.parseAllDocuments(source, {
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
    })
    // Only the first: what the parser says after it has lost its way misleads. A warning is a tag it does not know.
    const [fault] = parsed.flatMap(({ errors, warnings }) => [...errors, ...warnings])
    if (fault) {
      const { line, column } = placeAt(fault.pos[0], '')
      add({ line, signAt: column, path: '' }, `not YAML: ${withoutSource(fault.message)}`)
      return undefined
    }
    return parsed.flatMap(document => readDocument(document, { placeAt, add }))
  } catch (fault) {
    if (fault instanceof YamlFault) add(fault.place, fault.message)
    else if (fault instanceof RangeError) add(undefined, tooDeep)
    else throw fault
    return undefined
  }
}

const tooDeep = `is refused: nested deeper than ${deepest} levels`

/**
 * Told before parsing: a million brackets end the process (V8 runs out of memory). Far more than `deepest`,
 * because brackets in texts and comments count, too.
 */
function isTooDeep(source: string): boolean {
  if (/^[ \t]*(?:[-?][ \t]+){100}/m.test(source)) return true
  let depth = 0
  for (const [bracket] of source.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1))
    if (depth > 1000) return true
  }
  return false
}

/** The parser quotes what it stumbles over, which may be a secret. */
function withoutSource(message: string): string {
  return message.replace(/: ".*$/s, '').replace(/^.*\btabs?\b.*$/is, 'a tab stands where only spaces may')
}

interface Options {
  placeAt(offset: number, path: string): Place
  readonly add: AddProblem
}

/** Where a node is read: the nodes around it, and whether one of them was reached through an alias. */
interface Within {
  readonly place: Place
  readonly ancestors: readonly yaml.Node[]
  readonly isAliased: boolean
}

interface Pair {
  readonly key: string
  readonly keyNode: yaml.Node
  readonly value: yaml.Node | null
}

function readDocument(document: yaml.Document.Parsed, { placeAt, add }: Options): readonly LocatedNode[] {
  const targets = aliasTargets(document)
  let aliased = 0

  /** What stands there, an alias followed; null for nothing. */
  const enter = (node: yaml.Node | null, within: Within): { node: yaml.Node | null; within: Within } => {
    const target = yaml.isAlias(node) ? targets.get(node) : node
    if (yaml.isAlias(node) && !target)
      throw new YamlFault(within.place, `is refused: no anchor "&${node.source}" stands above it`)
    if (target && within.ancestors.includes(target))
      throw new YamlFault(within.place, 'is refused: it contains itself')
    const isAliased = within.isAliased || yaml.isAlias(node)
    if (isAliased) aliased += 1
    if (aliased > mostAliased)
      throw new YamlFault(within.place, `is refused: its aliases stand for more than ${mostAliased} values`)
    if (within.ancestors.length > deepest)
      throw new YamlFault(within.place, `is refused: nested deeper than ${deepest} levels`)
    const ancestors = target ? [...within.ancestors, target] : within.ancestors
    return { node: target ?? null, within: { place: within.place, ancestors, isAliased } }
  }

  const read = (nodeOrAlias: yaml.Node | null, around: Within): LocatedNode => {
    const { node, within } = enter(nodeOrAlias, around)
    const { place } = within
    if (yaml.isScalar(node)) {
      return {
        ...place,
        kind: 'scalar',
        type: typeOf(node.value),
        value: textOf(node),
        raw: node.source ?? '',
      }
    }
    if (yaml.isMap(node)) {
      const entries = pairsOf(node, within).map(({ key, keyNode, value }) => {
        const keyPlace = placeAt(keyNode.range?.[0] ?? 0, pathOf(place, key))
        return [key, read(value, { ...within, place: keyPlace })] as const
      })
      return { ...place, kind: 'mapping', entries: new Map(entries) }
    }
    if (!yaml.isSeq(node)) return { ...place, kind: 'scalar', type: 'null', value: '', raw: '' }
    const items = node.items.map((item, index) => {
      const itemNode = yaml.isNode(item) ? item : null
      const itemPlace = placeAt((itemNode ?? node).range?.[0] ?? 0, `${place.path}[${index}]`)
      return read(itemNode, { ...within, place: itemPlace })
    })
    return { ...place, kind: 'list', items }
  }

  /** The keys of a mapping, then those that its merge keys bring: what stands first wins. */
  const pairsOf = (map: yaml.YAMLMap, within: Within): readonly Pair[] => {
    const pairs = new Map<string, Pair>()
    const merged: Pair[] = []
    for (const { key: keyOrAlias, value: rawValue } of map.items) {
      const keyNode = yaml.isAlias(keyOrAlias) ? targets.get(keyOrAlias) : keyOrAlias
      if (!yaml.isScalar(keyNode))
        throw new YamlFault(within.place, 'is refused: one of its keys is no plain text')
      const key = textOf(keyNode)
      const place = placeAt((keyOrAlias as yaml.Node).range?.[0] ?? 0, pathOf(within.place, key))
      const value = yaml.isNode(rawValue) ? rawValue : null
      const first = pairs.get(key)
      if (key === '<<' && keyNode.type === 'PLAIN') merged.push(...mergedPairs(value, { ...within, place }))
      else if (first) {
        const { line } = placeAt(first.keyNode.range?.[0] ?? 0, '')
        add(place, `is refused: the key stands twice, first at line ${line}`)
      } else pairs.set(key, { key, keyNode: keyOrAlias as yaml.Node, value })
    }
    for (const pair of merged) if (!pairs.has(pair.key)) pairs.set(pair.key, pair)
    return [...pairs.values()]
  }

  const mergedPairs = (nodeOrAlias: yaml.Node | null, around: Within): readonly Pair[] => {
    const { node, within } = enter(nodeOrAlias, around)
    if (yaml.isMap(node)) return pairsOf(node, within)
    if (!yaml.isSeq(node))
      throw new YamlFault(within.place, 'is refused: only a mapping or a list of mappings can be merged')
    return node.items.flatMap(item => mergedPairs(yaml.isNode(item) ? item : null, within))
  }

  const { contents } = document
  const place = placeAt(contents?.range[0] ?? 0, '')
  const root = read(contents, { place, ancestors: [], isAliased: false })
  return root.kind === 'scalar' && root.type === 'null' ? [] : [root]
}

/** In one pass: the library's own look-up walks the whole document for each alias. */
function aliasTargets(document: yaml.Document.Parsed): ReadonlyMap<yaml.Alias, yaml.Node> {
  const anchors = new Map<string, yaml.Node>()
  const targets = new Map<yaml.Alias, yaml.Node>()
  yaml.visit(document, {
    Node: (_, node) => {
      if (yaml.isAlias(node)) {
        const target = anchors.get(node.source)
        if (target) targets.set(node, target)
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
  return targets
}

const pathOf = (place: Place, key: string): string => (place.path === '' ? key : `${place.path}.${key}`)

function typeOf(value: unknown): ScalarNode['type'] {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'string'
}
