import { bareConfig } from './bare-config.ts'
import { connectBody } from './connect-body.ts'
import { connectorList } from './connector-list.ts'
import { expandedList } from './expanded-list.ts'
import { jikkouConnector } from './jikkou-connector.ts'
import { kubernetesList, otherResource } from './kubernetes.ts'
import type { Shape } from './shape.ts'
import { strimziConnector } from './strimzi-connector.ts'
import { strimziTopic } from './strimzi-topic.ts'

/** The first that matches reads the document: a bare config may have a key `config`, a resource's kind decides. */
export const shapes: readonly Shape[] = [
  bareConfig,
  strimziConnector,
  strimziTopic,
  jikkouConnector,
  kubernetesList,
  otherResource,
  connectBody,
  expandedList,
  connectorList,
]
