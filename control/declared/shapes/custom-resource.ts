import { child, type LocatedNode } from '../../topology/located-node.ts'
import { nearest } from '../../topology/nearest.ts'
import { readConfig, readText, requireClass, takeName, toConfig } from './read-config.ts'
import type { Draft, ShapeContext } from './shape.ts'

/** How a kind of Kubernetes' form names what a connector has. */
export interface ResourceWords {
  readonly classKey: string
  /** The version of the plugin that is wanted, where the kind has a place for it. */
  readonly versionKey?: string
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
  const { add } = context
  const metadata = child(node, 'metadata')
  const name = readText(child(metadata, 'name'), add)
  if (name === undefined) add(node, 'has no metadata.name')
  noteLabel(metadata, words.clusterLabel, context)

  const spec = child(node, 'spec')
  if (spec?.kind !== 'mapping') {
    add(spec ?? node, spec ? 'is refused: it is no mapping of keys to values' : 'has no spec')
    return { name, config: {}, place: node }
  }
  const { classKey, versionKey } = words
  const known = [classKey, 'tasksMax', 'config', ...(versionKey ? [versionKey] : []), ...words.specKeys]
  for (const [key, value] of spec.entries) checkSpecKey(key, value, { known, context })
  const inner = child(spec, 'config')
  const values = new Map<string, string>()
  const put = (key: string, specKey: string) => {
    const value = readText(child(spec, specKey), add)
    if (value !== undefined) values.set(key, value)
  }
  put('connector.class', classKey)
  put('tasks.max', 'tasksMax')
  if (versionKey !== undefined) put('connector.plugin.version', versionKey)
  for (const [key, value] of readConfig(inner, add)) {
    const given = values.get(key)
    if (given !== undefined && given !== value)
      add(child(inner, key), `is refused: the spec says ${JSON.stringify(given)} beside it`)
    values.set(key, value)
  }
  takeName(values, { name, node: inner, add })
  requireClass(values, { place: spec, key: classKey, add })
  return { name, config: toConfig(values), place: node }
}

/** Said once, however many resources have it. */
export function noteLabel(
  metadata: LocatedNode | undefined,
  label: string,
  { noteOnce }: ShapeContext,
): void {
  const node = child(child(metadata, 'labels'), label)
  if (node) noteOnce(node, 'is not used: the context says which cluster is meant')
}

interface SpecKeyOptions {
  readonly known: readonly string[]
  readonly context: ShapeContext
}

/** A misspelt key would be lost without a word; what only an operator understands is told and left out. */
export function checkSpecKey(key: string, value: LocatedNode, { known, context }: SpecKeyOptions): void {
  if (known.includes(key)) return
  const meant = nearest(key, known)
  if (meant === undefined) context.note(value, 'is not used: only an operator acts on it')
  else context.add(value, 'is refused: unknown key', `write "${meant}" instead of "${key}"`)
}
