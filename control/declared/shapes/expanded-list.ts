import { child, type LocatedNode } from '../../topology/located-node.ts'
import { readBody } from './connect-body.ts'
import type { Draft, Shape, ShapeContext } from './shape.ts'

const bodyOf = (member: LocatedNode): LocatedNode => child(member, 'info') ?? member

/** What `GET /connectors?expand=info` gives, with or without `info` around each. */
export const expandedList: Shape = {
  accepted: '{NAME: {"info": {"name", "config"}}} as GET /connectors?expand=info gives it',
  matches: node =>
    node.kind === 'mapping' &&
    node.entries.size > 0 &&
    [...node.entries.values()].every(member => child(bodyOf(member), 'config') !== undefined),
  read: (node, context) =>
    node.kind === 'mapping' ? [...node.entries].map(([key, member]) => readMember(key, member, context)) : [],
}

function readMember(key: string, member: LocatedNode, context: ShapeContext): Draft {
  const draft = readBody(bodyOf(member), context)
  if (draft.name !== undefined && draft.name !== key)
    context.add(member, `is refused: the name in it is ${JSON.stringify(draft.name)}`)
  return { ...draft, name: key, place: member }
}
