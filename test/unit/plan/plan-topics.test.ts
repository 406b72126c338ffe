import { describe, expect, it } from 'vitest'
import type { DeclaredTopic } from '../../../control/declared/declared-topic.ts'
import { writeStrimziTopic } from '../../../control/declared/write-strimzi.ts'
import type { LiveTopic } from '../../../control/kafka/read-topics.ts'
import { describePlan, toRows } from '../../../control/plan/describe-plan.ts'
import { planTopics } from '../../../control/plan/plan-topics.ts'

const live: LiveTopic = { name: 'orders', partitions: 1, replicas: 3, config: { 'retention.ms': '1000' } }
const declared = (change: Partial<DeclaredTopic> = {}): DeclaredTopic => ({
  ...live,
  origin: { file: 'topics.yaml', line: 1 },
  ...change,
})
const plan = (change: Partial<DeclaredTopic>, found: readonly LiveTopic[] = [live]) =>
  planTopics([declared(change)], found)

describe('the plan of a topic', () => {
  it('is empty where the topic is as declared', () => {
    expect(plan({})).toEqual([
      { resource: 'topic', name: 'orders', kind: 'none', risk: 'safe', keys: [], notes: [] },
    ])
  })

  it('leaves to the brokers how many partitions and replicas there are, where the file does not say', () => {
    expect(plan({ partitions: undefined, replicas: undefined })[0]?.kind).toBe('none')
  })

  it('makes one that is missing', () => {
    expect(describePlan(plan({}, []))).toBe(
      '+ create  topic orders  safe\n    partitions: + 1\n    replicas: + 3\n    retention.ms: + 1000\n',
    )
  })

  it('takes away a setting that the file does not have', () => {
    const found = { ...live, config: { ...live.config, 'max.message.bytes': '1' } }

    expect(describePlan(plan({}, [found]))).toBe(
      '~ configure  topic orders  safe\n    max.message.bytes: - 1\n',
    )
  })

  it('leaves the throttle alone that holds while replicas are moved', () => {
    const throttle = {
      'leader.replication.throttled.replicas': '0:1',
      'follower.replication.throttled.replicas': '*',
    }
    const moved = { ...live, config: { ...live.config, ...throttle } }

    expect(plan({}, [moved])[0]?.kind).toBe('none')
    expect(writeStrimziTopic(moved)).toBe(writeStrimziTopic(live))
  })

  it.each([
    ['a shorter retention', { 'retention.ms': '999' }, 'loses-position'],
    ['no retention of its own', {}, 'loses-position'],
    ['a longer retention', { 'retention.ms': '1001' }, 'safe'],
    ['a retention for ever', { 'retention.ms': '-1' }, 'safe'],
    ['another cleanup', { 'retention.ms': '1000', 'cleanup.policy': 'compact' }, 'loses-position'],
    ['another limit', { 'retention.ms': '1000', 'max.message.bytes': '1' }, 'safe'],
  ])('with %s is %s: %s', (_, config, risk) => {
    expect(plan({ config })[0]?.risk).toBe(risk)
  })

  it('says of other partitions that they are not made from here', () => {
    const [change] = plan({ partitions: 3 })

    expect(change?.notes).toEqual([
      'partitions: not changed from here: a key would go on in another partition, before or after what it wrote to the old one',
    ])
  })

  it('tells machines that it is a topic, and of connectors no more than before', () => {
    expect(toRows(plan({}))).toEqual([
      { resource: 'topic', name: 'orders', kind: 'none', risk: 'safe', keys: [], notes: [] },
    ])
  })
})
