import { child, type LocatedNode } from '../../topology/located-node.ts'
import { nearest } from '../../topology/nearest.ts'
import { readConfig, readState, readText, requireClass, takeName, toConfig } from './read-config.ts'
import type { Draft, Shape, ShapeContext } from './shape.ts'

const ownKeys = ['name', 'config', 'initial_state']
/** What Connect adds when it gives a connector back. */
const answerKeys = ['tasks', 'type']

/** What `POST /connectors` takes and `GET /connectors/NAME` gives. */
export const connectBody: Shape = {
  accepted: '{"name", "config": {…}}',
  matches: node => child(node, 'config') !== undefined,
  read: (node, context) => [readBody(node, context)],
}

export function readBody(node: LocatedNode, { add }: ShapeContext): Draft {
  if (node.kind === 'mapping') {
    for (const [key, value] of node.entries) {
      if (ownKeys.includes(key) || answerKeys.includes(key)) continue
      const meant = nearest(key, ownKeys)
      add(
        value,
        `is refused: Connect knows no key "${key}" beside "config"`,
        meant && `write "${meant}" instead of "${key}"`,
      )
    }
  }
  const inner = child(node, 'config')
  const values = readConfig(inner, add)
  const name = takeName(values, { name: readText(child(node, 'name'), add), node: inner, add })
  if (inner?.kind === 'mapping') requireClass(values, { place: inner, key: '"connector.class"', add })
  return { name, config: toConfig(values), state: readState(child(node, 'initial_state'), add), place: node }
}
