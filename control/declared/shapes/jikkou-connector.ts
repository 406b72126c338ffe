import { child } from '../../topology/located-node.ts'
import { isKind, readResource } from './custom-resource.ts'
import { readState } from './read-config.ts'
import type { Shape } from './shape.ts'

const words = {
  classKey: 'connectorClass',
  specKeys: ['state'],
  clusterLabel: 'kafka.jikkou.io/connect-cluster',
}

/** Any version: v1beta1, v1beta2 and v1 have the same fields. */
export const jikkouConnector: Shape = {
  accepted: 'a KafkaConnector of Jikkou (kafka.jikkou.io)',
  matches: node => isKind(node, { group: 'kafka.jikkou.io', kind: 'KafkaConnector' }),
  read: (node, context) => [
    {
      ...readResource(node, words, context),
      state: readState(child(child(node, 'spec'), 'state'), context.add),
    },
  ],
}
