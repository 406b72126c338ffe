import type { ConnectorConfig } from '../../connect/connect-api.ts'
import type { LocatedNode, Place } from '../../topology/located-node.ts'
import { nearest } from '../../topology/nearest.ts'
import { type DeclaredState, declaredStates } from '../declared-connector.ts'
import type { AddProblem } from '../input-problems.ts'

/** Values as the file writes them: Connect keeps texts only, and 1.0 or 007 must not become something else. */
export function readConfig(node: LocatedNode | undefined, add: AddProblem): Map<string, string> {
  if (node && node.kind !== 'mapping')
    add(node, `is refused: ${kindOf(node)} stands where keys and values belong`)
  const entries = node?.kind === 'mapping' ? [...node.entries] : []
  return new Map(entries.map(([key, value]) => [key, readValue(value, add)]))
}

/** An own key even for `__proto__`, which an assignment would not make. */
export function toConfig(values: ReadonlyMap<string, string>): ConnectorConfig {
  return Object.fromEntries(values)
}

function readValue(node: LocatedNode, add: AddProblem): string {
  if (node.kind === 'list') return node.items.map(item => readScalar(item, add)).join(',')
  return readScalar(node, add)
}

function readScalar(node: LocatedNode, add: AddProblem): string {
  if (node.kind === 'scalar' && node.type !== 'null') return node.value
  const what =
    node.kind === 'scalar' ? 'leave the key away, or write ""' : 'a value is a text, number or boolean'
  add(node, `is refused: ${kindOf(node)} is no value; ${what}`)
  return ''
}

/** A text, or undefined where there is none; a problem where something else stands. */
export function readText(node: LocatedNode | undefined, add: AddProblem): string | undefined {
  if (!node) return undefined
  if (node.kind === 'scalar' && node.type !== 'null') return node.value
  add(node, `is refused: ${kindOf(node)} stands where a text belongs`)
  return undefined
}

/** In capitals (Connect, Jikkou) or not (Strimzi). */
export function readState(node: LocatedNode | undefined, add: AddProblem): DeclaredState | undefined {
  const word = readText(node, add)
  if (!node || word === undefined) return undefined
  const state = declaredStates.find(known => known === word.toLowerCase())
  if (!state) add(node, `is refused: ${JSON.stringify(word)} is none of ${declaredStates.join(', ')}`)
  return state
}

/** Nothing runs without it, and a misspelt one would be told by the workers only, in other words. */
export function requireClass(
  values: ReadonlyMap<string, string>,
  { place, key, add }: { readonly place: Place; readonly key: string; readonly add: AddProblem },
): void {
  if (values.has('connector.class')) return
  const meant = nearest('connector.class', values.keys())
  add(place, `has no ${key}`, meant && `write "connector.class" instead of "${meant}"`)
}

/** The name that a config repeats; it has to be the one around it. */
export function takeName(
  values: Map<string, string>,
  {
    name,
    node,
    add,
  }: { readonly name: string | undefined; readonly node: LocatedNode | undefined; readonly add: AddProblem },
): string | undefined {
  const inner = values.get('name')
  values.delete('name')
  if (inner !== undefined && name !== undefined && inner !== name) {
    const place = node?.kind === 'mapping' ? node.entries.get('name') : undefined
    add(
      place ?? node,
      `is refused: ${JSON.stringify(inner)} is not ${JSON.stringify(name)}, the name given around it`,
    )
  }
  return name ?? inner
}

export function kindOf(node: LocatedNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`
  return node.type === 'null' ? 'null' : `a ${node.type === 'string' ? 'text' : node.type}`
}
