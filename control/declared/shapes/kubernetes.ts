import { child, type LocatedNode, type MappingNode } from '../../topology/located-node.ts'
import { textAt } from './custom-resource.ts'
import { kindOf } from './read-config.ts'
import type { Shape } from './shape.ts'

/** `kubectl get -o yaml` (List), and the lists of Strimzi and Jikkou. */
export const kubernetesList: Shape = {
  accepted: 'a List, KafkaConnectorList or KafkaTopicList of such resources',
  matches: node => /^(?:List|KafkaConnectorList|KafkaTopicList)$/.test(textAt(node, 'kind') ?? ''),
  read: (node, { add, readNested }) => {
    const items = child(node, 'items')
    if (items?.kind === 'list') return items.items.flatMap(item => readNested(withKind(item, node)))
    add(items ?? node, items ? `is refused: ${kindOf(items)} is no list` : 'has no items')
    return []
  },
}

/** Members of a list of one kind may leave out what its head says. */
function withKind(item: LocatedNode, list: LocatedNode): LocatedNode {
  const apiVersion = child(list, 'apiVersion')
  const kind = child(list, 'kind')
  if (item.kind !== 'mapping' || child(item, 'kind') || kind?.kind !== 'scalar' || kind.value === 'List')
    return item
  const inherited: [string, LocatedNode][] = [['kind', { ...kind, value: kind.value.replace(/List$/, '') }]]
  if (apiVersion) inherited.push(['apiVersion', apiVersion])
  return { ...item, entries: new Map([...inherited, ...item.entries]) } satisfies MappingNode
}

/** Manifests stand together in one folder or file; what is no connector is somebody else's. */
export const otherResource: Shape = {
  accepted: undefined,
  matches: node => textAt(node, 'apiVersion') !== undefined && textAt(node, 'kind') !== undefined,
  read: (node, { add, note }) => {
    const [apiVersion, kind] = [textAt(node, 'apiVersion') ?? '', textAt(node, 'kind') ?? '']
    const name = textAt(child(node, 'metadata'), 'name')
    if (kind === 'KafkaConnector')
      add(
        child(node, 'apiVersion'),
        `is refused: no KafkaConnector of ${JSON.stringify(apiVersion)} is known here`,
      )
    else note(node, `${kind}${name === undefined ? '' : ` "${name}"`} is skipped: it is no connector`)
    return []
  },
}
