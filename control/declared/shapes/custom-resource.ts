import { child, type LocatedNode } from '../../topology/located-node.ts'
import { nearest } from '../../topology/nearest.ts'
import { readConfig, readText, requireClass, takeName, toConfig } from './read-config.ts'
import type { Draft, ShapeContext } from './shape.ts'

/** How a kind of Kubernetes' form names what a connector has. */
export interface ResourceWords {
  readonly classKey: string
  readonly specKeys: readonly string[]
  /** Says which Connect cluster is meant; ours is the context's. */
  readonly clusterLabel: string
}

/** `apiVersion`, or the part of it before the "/". */
export function groupOf(node: LocatedNode): string | undefined {
  return textAt(node, 'apiVersion')?.split('/')[0]
}

export function textAt(node: LocatedNode | undefined, key: string): string | undefined {
  const value = child(node, key)
  return value?.kind === 'scalar' && value.type === 'string' ? value.value : undefined
}

export function isKind(
  node: LocatedNode,
  { group, kind }: { readonly group: string; readonly kind: string },
): boolean {
  return groupOf(node) === group && textAt(node, 'kind') === kind
}

/** All but the state, which each kind writes in its own way. */
export function readResource(
  node: LocatedNode,
  words: ResourceWords,
  context: ShapeContext,
): Omit<Draft, 'state'> {
  const { add, note } = context
  const metadata = child(node, 'metadata')
  const name = readText(child(metadata, 'name'), add)
  if (name === undefined) add(node, 'has no metadata.name')
  const label = child(child(metadata, 'labels'), words.clusterLabel)
  if (label) note(label, 'is not used: the context says which cluster is meant')

  const spec = child(node, 'spec')
  if (spec?.kind !== 'mapping') {
    add(spec ?? node, spec ? 'is refused: it is no mapping of keys to values' : 'has no spec')
    return { name, config: {}, place: node }
  }
  for (const [key, value] of spec.entries) checkSpecKey(key, value, { words, context })
  const inner = child(spec, 'config')
  const values = new Map<string, string>()
  const put = (key: string, specKey: string) => {
    const value = readText(child(spec, specKey), add)
    if (value !== undefined) values.set(key, value)
  }
  put('connector.class', words.classKey)
  put('tasks.max', 'tasksMax')
  for (const [key, value] of readConfig(inner, add)) {
    const given = values.get(key)
    if (given !== undefined && given !== value)
      add(child(inner, key), `is refused: the spec says ${JSON.stringify(given)} beside it`)
    values.set(key, value)
  }
  takeName(values, { name, node: inner, add })
  requireClass(values, { place: spec, key: words.classKey, add })
  return { name, config: toConfig(values), place: node }
}

interface SpecKeyOptions {
  readonly words: ResourceWords
  readonly context: ShapeContext
}

/** A misspelt key would be lost without a word; what only an operator understands is told and left out. */
function checkSpecKey(key: string, value: LocatedNode, { words, context }: SpecKeyOptions): void {
  const known = [words.classKey, 'tasksMax', 'config', ...words.specKeys]
  if (known.includes(key)) return
  const meant = nearest(key, known)
  if (meant === undefined) context.note(value, 'is not used: only an operator acts on it')
  else context.add(value, 'is refused: unknown key', `write "${meant}" instead of "${key}"`)
}
