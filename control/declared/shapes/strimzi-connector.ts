import { child, type LocatedNode } from '../../topology/located-node.ts'
import type { DeclaredState } from '../declared-connector.ts'
import { isKind, readResource, textAt } from './custom-resource.ts'
import { readState, readText } from './read-config.ts'
import type { Shape, ShapeContext } from './shape.ts'

export const strimziGroup = 'kafka.strimzi.io'
const versions = ['v1', 'v1beta2', 'v1beta1'].map(version => `${strimziGroup}/${version}`)
const words = {
  classKey: 'class',
  versionKey: 'version',
  specKeys: ['state', 'pause'],
  clusterLabel: 'strimzi.io/cluster',
}

export const strimziConnector: Shape = {
  accepted: 'a KafkaConnector of Strimzi (kafka.strimzi.io)',
  matches: node => isKind(node, { group: strimziGroup, kind: 'KafkaConnector' }),
  read: (node, context) => {
    const { add } = context
    checkStrimziVersion(node, context)
    const spec = child(node, 'spec')
    const pause = child(spec, 'pause')
    const isPaused = readText(pause, add)
    if (isPaused !== undefined && isPaused !== 'true' && isPaused !== 'false')
      add(pause, 'is refused: it is neither true nor false')
    // Deprecated since Strimzi 0.38, where `state` came, which wins.
    const paused: DeclaredState | undefined =
      isPaused === undefined ? undefined : isPaused === 'true' ? 'paused' : 'running'
    return [{ ...readResource(node, words, context), state: readState(child(spec, 'state'), add) ?? paused }]
  },
}

export function checkStrimziVersion(node: LocatedNode, { add }: ShapeContext): void {
  const version = textAt(node, 'apiVersion') ?? ''
  if (versions.includes(version)) return
  add(child(node, 'apiVersion'), `is refused: ${JSON.stringify(version)} is none of ${versions.join(', ')}`)
}
