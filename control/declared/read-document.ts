import type { LocatedNode, Place } from '../topology/located-node.ts'
import { nearest } from '../topology/nearest.ts'
import type { AddProblem } from './input-problems.ts'
import { kindOf } from './shapes/read-config.ts'
import type { Draft } from './shapes/shape.ts'
import { shapes } from './shapes/shapes.ts'

interface ReadOptions {
  readonly add: AddProblem
  note(place: Place, sentence: string): void
}

/** The connectors of one document, by whichever shape it has. */
export function readDocument(node: LocatedNode, { add, note }: ReadOptions): readonly Draft[] {
  const shape = shapes.find(({ matches }) => matches(node))
  if (shape) return shape.read(node, { add, note, readNested: inner => readDocument(inner, { add, note }) })
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
