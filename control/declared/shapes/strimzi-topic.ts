import { child, type LocatedNode } from '../../topology/located-node.ts'
import { topicNameProblem } from '../declared-topic.ts'
import { checkSpecKey, isKind, noteLabel, textAt } from './custom-resource.ts'
import { readConfig, readText, toConfig } from './read-config.ts'
import type { Shape, ShapeContext } from './shape.ts'
import { checkStrimziVersion, strimziGroup } from './strimzi-connector.ts'

const specKeys = ['topicName', 'partitions', 'replicas', 'config']

/** Adds no connector; the topic is told beside them. */
export const strimziTopic: Shape = {
  accepted: 'a KafkaTopic of Strimzi (kafka.strimzi.io)',
  matches: node => isKind(node, { group: strimziGroup, kind: 'KafkaTopic' }),
  read: (node, context) => {
    checkStrimziVersion(node, context)
    const { add } = context
    const metadata = child(node, 'metadata')
    const resource = readText(child(metadata, 'name'), add)
    if (resource === undefined) add(node, 'has no metadata.name')
    noteLabel(metadata, 'strimzi.io/cluster', context)
    // Strimzi itself looks away from such a one: whatever the topic is, it stays.
    if (textAt(child(metadata, 'annotations'), 'strimzi.io/managed') === 'false') {
      context.note(node, `KafkaTopic "${resource}" is skipped: its strimzi.io/managed is false`)
      return []
    }
    readSpec(node, resource, context)
    return []
  },
}

function readSpec(node: LocatedNode, resource: string | undefined, context: ShapeContext): void {
  const { add } = context
  const spec = child(node, 'spec')
  if (spec?.kind !== 'mapping') {
    add(spec ?? node, spec ? 'is refused: it is no mapping of keys to values' : 'has no spec')
    return
  }
  for (const [key, value] of spec.entries) checkSpecKey(key, value, { known: specKeys, context })
  const named = child(spec, 'topicName')
  const name = readText(named, add) ?? resource
  if (name === undefined) return
  const problem = topicNameProblem(name)
  if (problem !== undefined) add(named ?? child(child(node, 'metadata'), 'name'), `is refused: it ${problem}`)
  context.topic({
    name,
    partitions: readCount(child(spec, 'partitions'), { most: 2_147_483_647, context }),
    replicas: readCount(child(spec, 'replicas'), { most: 32_767, context }),
    config: toConfig(readConfig(child(spec, 'config'), add)),
    place: node,
  })
}

interface CountOptions {
  readonly most: number
  readonly context: ShapeContext
}

function readCount(
  node: LocatedNode | undefined,
  { most, context: { add } }: CountOptions,
): number | undefined {
  const text = readText(node, add)
  if (text === undefined) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count
  add(node, `is refused: ${JSON.stringify(text)} is no number from 1 to ${most}`)
  return undefined
}
