import * as yaml from 'yaml'
import type { Place } from './located-node.ts'
import type { Problems } from './problems.ts'

/** The parsed file, and how an offset in it becomes a place that a person finds. */
export interface YamlSource {
  readonly document: yaml.Document.Parsed
  readonly problems: Problems
  placeOf(node: yaml.Node, path: string): Place
}

export interface Pair {
  readonly key: string
  readonly keyNode: yaml.Node
  readonly value: yaml.Node | null
}

/** Where a node is read: its place, and the nodes around it, by which one that contains itself is told. */
export interface Within {
  readonly place: Place
  readonly ancestors: readonly yaml.Node[]
}

export function pathOfKey(place: Place, key: string): string {
  return place.path === '' ? key : `${place.path}.${key}`
}

/** What an alias stands for; null, and a problem, where it stands for nothing or for something around it. */
export function resolveAlias(
  source: YamlSource,
  node: yaml.Node | null,
  { place, ancestors }: Within,
): yaml.Node | null {
  if (!yaml.isAlias(node)) return node
  const target = node.resolve(source.document)
  if (!target) source.problems.add(place, `is refused: no anchor "&${node.source}" stands above it`)
  else if (ancestors.includes(target))
    source.problems.add(place, `is refused: "*${node.source}" contains itself`)
  else return target
  return null
}

/** The keys of a mapping, then those that its merge keys bring: what stands first wins. */
export function pairsOf(
  source: YamlSource,
  map: yaml.YAMLMap,
  { place, ancestors }: Within,
): readonly Pair[] {
  const pairs = new Map<string, Pair>()
  const merged: Pair[] = []
  for (const { key: keyNode, value } of map.items) {
    if (!yaml.isScalar(keyNode)) {
      source.problems.add(place, 'is refused: one of its keys is no plain text')
      continue
    }
    const pair = { key: textOf(keyNode), keyNode, value: yaml.isNode(value) ? value : null }
    const path = pathOfKey(place, pair.key)
    const first = pairs.get(pair.key)
    if (pair.key === '<<' && keyNode.type === 'PLAIN') {
      merged.push(...mergedPairs(source, pair.value, { place: source.placeOf(keyNode, path), ancestors }))
    } else if (first) {
      const { line } = source.placeOf(first.keyNode, path)
      source.problems.add(
        source.placeOf(keyNode, path),
        `is refused: the key stands twice, first at line ${line}`,
      )
    } else pairs.set(pair.key, pair)
  }
  for (const pair of merged) if (!pairs.has(pair.key)) pairs.set(pair.key, pair)
  return [...pairs.values()]
}

function mergedPairs(
  source: YamlSource,
  value: yaml.Node | null,
  { place, ancestors }: Within,
): readonly Pair[] {
  const target = resolveAlias(source, value, { place, ancestors })
  const inner = { place, ancestors: target ? [...ancestors, target] : ancestors }
  if (yaml.isMap(target)) return pairsOf(source, target, inner)
  if (yaml.isSeq(target)) {
    return target.items.flatMap(item => mergedPairs(source, yaml.isNode(item) ? item : null, inner))
  }
  if (target || !value)
    source.problems.add(place, 'is refused: only a mapping or a list of mappings can be merged')
  return []
}

/** A text as it is; of anything else (`0x10`, `yes`) what the file says, not what YAML makes of it. */
export function textOf(scalar: yaml.Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))
}
