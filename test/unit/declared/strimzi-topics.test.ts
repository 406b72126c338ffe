import { describe, expect, it } from 'vitest'
import { read, refusal } from './read.ts'

const topic = (spec: string, { name = 'a', head = '' } = {}) =>
  `apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n  name: ${name}\n${head}spec:\n${spec.replace(/^/gm, '  ')}\n`
const connector =
  'apiVersion: kafka.strimzi.io/v1\nkind: KafkaConnector\nmetadata: { name: c }\nspec: { class: C, config: {} }\n'

async function outcome(text: string) {
  const { topics, notes } = await read({ 'a.yaml': text })
  return [...topics.map(({ origin: _, ...rest }) => rest), ...notes]
}

describe('a KafkaTopic of Strimzi', () => {
  const a = { name: 'a', partitions: undefined, replicas: undefined, config: {} }
  it.each([
    ['has the name of its resource', topic('partitions: 3'), [{ ...a, partitions: 3 }]],
    [
      'has the name that its spec gives it',
      topic('topicName: A_b\nreplicas: 2'),
      [{ ...a, name: 'A_b', replicas: 2 }],
    ],
    [
      'has its settings as texts',
      topic('config: { retention.ms: 604800000, cleanup.policy: [compact, delete], preallocate: false }'),
      [
        {
          ...a,
          config: { 'retention.ms': '604800000', 'cleanup.policy': 'compact,delete', preallocate: 'false' },
        },
      ],
    ],
    [
      'may be of an older version',
      topic('partitions: 1').replace('/v1\n', '/v1beta2\n'),
      [{ ...a, partitions: 1 }],
    ],
    [
      'is left out where Strimzi does not manage it',
      `${topic('partitions: 1', { head: '  annotations: { strimzi.io/managed: "false" }\n' })}---\n${connector}`,
      ['a.yaml line 1: KafkaTopic "a" is skipped: its strimzi.io/managed is false'],
    ],
    [
      'has its label told once, however many there are',
      ['a', 'b', 'c']
        .map(name => topic('partitions: 1', { name, head: '  labels: { strimzi.io/cluster: k }\n' }))
        .join('---\n'),
      [
        { ...a, partitions: 1 },
        { ...a, name: 'b', partitions: 1 },
        { ...a, name: 'c', partitions: 1 },
        'a.yaml line 5: metadata.labels.strimzi.io/cluster is not used: the context says which cluster is meant',
      ],
    ],
    [
      'stands in the list of kubectl',
      `apiVersion: v1\nkind: List\nitems:\n- ${topic('partitions: 1').replace(/\n(?=.)/g, '\n  ')}`,
      [{ ...a, partitions: 1 }],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await outcome(text)).toEqual(expected)
  })

  it.each([
    ['partitions: 0', 'line 6: spec.partitions is refused: "0" is no number from 1 to 2147483647'],
    ['replicas: 40000', 'line 6: spec.replicas is refused: "40000" is no number from 1 to 32767'],
    ['partition: 3', 'line 6: spec.partition is refused: unknown key'],
    ['topicName: a b', 'line 6: spec.topicName is refused: it has a " ", which no topic\'s name can hold'],
    [
      `topicName: ${'x'.repeat(250)}`,
      "line 6: spec.topicName is refused: it has 250 letters, and a topic's name has 249 at most",
    ],
    ['topicName: ..', 'line 6: spec.topicName is refused: it is no name that a topic can have'],
    ['config: [1]', 'line 6: spec.config is refused: a list stands where keys and values belong'],
  ])('is refused with %s', async (spec, message) => {
    expect((await refusal({ 'a.yaml': topic(spec) })).message).toBe(`a.yaml ${message}`)
  })

  it('is refused where two resources are one topic', async () => {
    const text = `${topic('partitions: 1')}---\n${topic('topicName: a', { name: 'b' })}`

    expect((await refusal({ 'a.yaml': text })).message).toBe(
      'a.yaml line 8: the topic "a" is declared a second time, first in a.yaml line 1',
    )
  })
})
