import type { LocatedNode } from '../topology/located-node.ts'
import { nearest } from '../topology/nearest.ts'
import { kindOf } from './shapes/read-config.ts'
import type { Draft, ShapeContext } from './shapes/shape.ts'
import { shapes } from './shapes/shapes.ts'

type ReadOptions = Omit<ShapeContext, 'readNested'>

/** The connectors of one document, by whichever shape it has. */
export function readDocument(node: LocatedNode, options: ReadOptions): readonly Draft[] {
  const { add } = options
  const shape = shapes.find(({ matches }) => matches(node))
  if (shape) return shape.read(node, { ...options, readNested: inner => readDocument(inner, options) })
  const keys = node.kind === 'mapping' ? [...node.entries.keys()] : []
  const shown = keys.slice(0, 5).map(key => JSON.stringify(key))
  const what = `${kindOf(node)}${shown.length === 0 ? '' : ` with the keys ${shown.join(', ')}`}${keys.length > 5 ? ', …' : ''}`
  const accepted = shapes.flatMap(shape => shape.accepted ?? [])
  const meant = nearest('connector.class', keys)
  add(
    node,
    `is no connector: ${what} was found, accepted are ${accepted.join('; ')}`,
    meant && `write "connector.class" instead of "${meant}"`,
  )
  return []
}
