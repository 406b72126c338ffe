import type { Shape } from './shape.ts'

export const connectorList: Shape = {
  accepted: 'a list of these',
  matches: node => node.kind === 'list',
  read: (node, { readNested }) => (node.kind === 'list' ? node.items.flatMap(readNested) : []),
}
