import { describe, expect, it } from 'vitest'
import * as yaml from 'yaml'
import * as z from 'zod'
import { writeDeclared } from '../../../control/declared/write-declared.ts'
import { isResourceName, resourceName, writeStrimziTopic } from '../../../control/declared/write-strimzi.ts'
import type { LiveTopic } from '../../../control/kafka/read-topics.ts'
import { planTopics } from '../../../control/plan/plan-topics.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'
import { fakerFrom, randomAt } from '../../../generators/random-at.ts'
import { read } from './read.ts'

/** What the published definitions (kafka.strimzi.io/v1) accept, as far as we write it. */
const metadata = z.strictObject({
  name: z.string().refine(isResourceName),
  labels: z.strictObject({ 'strimzi.io/cluster': z.string().min(1) }),
})
const config = z.record(z.string(), z.string())
const connectorSchema = z.strictObject({
  apiVersion: z.literal('kafka.strimzi.io/v1'),
  kind: z.literal('KafkaConnector'),
  metadata,
  spec: z.strictObject({
    class: z.string(),
    tasksMax: z.int().min(1).optional(),
    version: z.string().optional(),
    autoRestart: z.strictObject({ enabled: z.boolean() }).optional(),
    state: z.enum(['running', 'paused', 'stopped']).optional(),
    // The operator sets these itself, and refuses them here.
    config: config.refine(given =>
      ['name', 'connector.class', 'tasks.max', 'connector.plugin.version'].every(key => !(key in given)),
    ),
  }),
})
const topicSchema = z.strictObject({
  apiVersion: z.literal('kafka.strimzi.io/v1'),
  kind: z.literal('KafkaTopic'),
  metadata,
  spec: z.strictObject({
    topicName: z.string().optional(),
    partitions: z.int().min(1),
    replicas: z.int().min(1).max(32_767),
    config,
  }),
})

const live = ({
  topic,
  partitions,
  replicationFactor,
  config,
}: (typeof moodle.topics)[number]): LiveTopic => ({
  ...{ name: topic, partitions, replicas: replicationFactor, config },
})

it('a connector is one for the operator, with the names of the clusters and the restarts asked for', () => {
  const { files } = writeDeclared(
    [
      {
        name: 'community-source',
        config: {
          'connector.class': 'C',
          'tasks.max': '1',
          'connector.plugin.version': '3.7',
          a: '${env:X}',
        },
        state: 'stopped',
      },
    ],
    'strimzi',
    { connectCluster: 'my-connect', isRestarting: true },
  )

  expect(connectorSchema.parse(yaml.parse(files[0]?.text ?? ''))).toEqual({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaConnector',
    metadata: { name: 'community-source', labels: { 'strimzi.io/cluster': 'my-connect' } },
    spec: {
      ...{ class: 'C', tasksMax: 1, version: '3.7', autoRestart: { enabled: true }, state: 'stopped' },
      config: { a: '${env:X}' },
    },
  })
})

it('each topic of the scenario is one for the operator, which reads back as no change', async () => {
  const topics = moodle.topics.map(live)
  const texts = topics.map(topic => writeStrimziTopic(topic, { kafkaCluster: 'my-kafka' }))

  for (const text of texts) topicSchema.parse(yaml.parse(text))
  const { topics: declared } = await read({ 'topics.yaml': texts.join('---\n') })

  expect(planTopics(declared, topics).map(({ kind }) => kind)).toEqual(topics.map(() => 'none'))
})

describe('the name of a resource', () => {
  it.each([
    ['orders', /^orders$/],
    ['sites-db.public.sites', /^sites-db\.public\.sites$/],
    ['sites-db.public.SitesUsers', /^sites-db\.public\.sitesusers-[0-9a-f]{8}$/],
    ['__debezium-heartbeat.sites-db', /^debezium-heartbeat\.sites-db-[0-9a-f]{8}$/],
    ['a_b', /^a-b-[0-9a-f]{8}$/],
    ['___', /^topic-[0-9a-f]{8}$/],
    ['a..-b', /^a\.b-[0-9a-f]{8}$/],
  ])('of the topic %s is like %s', (topic, pattern) => {
    expect(resourceName(topic)).toMatch(pattern)
  })

  it('is another one for each topic, whatever its letters', () => {
    const signs = [...'aAbB019._-']
    const names = Array.from({ length: 2_000 }, (_, index) => {
      const { helpers } = fakerFrom(randomAt(20261127, 'topics', index))
      return helpers.multiple(() => helpers.arrayElement(signs), { count: { min: 1, max: 6 } }).join('')
    })
    const topics = [...new Set([...names, 'x'.repeat(249), 'X'.repeat(249), `${'y.'.repeat(124)}Z`])]

    const resources = topics.map(resourceName)

    expect(resources.filter(name => !isResourceName(name))).toEqual([])
    expect(new Set(resources).size).toBe(topics.length)
  })
})

it('topics of odd names and settings read back as no change', async () => {
  const odd = [
    '',
    ' ',
    '~',
    'null',
    'on',
    '1e5',
    '007',
    '-1',
    "'",
    '"\\',
    'a: b # c',
    '*:1',
    'compact,delete',
    'é',
  ]
  const topics = Array.from({ length: 200 }, (_, index): LiveTopic => {
    const { helpers, number } = fakerFrom(randomAt(20261127, 'settings', index))
    const text = () => helpers.arrayElement(odd)
    const name = helpers
      .multiple(() => helpers.arrayElement([...'aZ0._-']), { count: { min: 1, max: 8 } })
      .join('')
    return {
      name: `${name}${index}`,
      partitions: number.int({ min: 1, max: 500 }),
      replicas: number.int({ min: 1, max: 5 }),
      config: Object.fromEntries(
        helpers.multiple(() => [`${helpers.arrayElement(['retention.ms', 'x', '1', 'y.z'])}`, text()], {
          count: { min: 0, max: 3 },
        }),
      ),
    }
  })

  const text = topics.map(topic => writeStrimziTopic(topic)).join('---\n')
  const { topics: declared } = await read({ 'topics.yaml': text })

  expect(planTopics(declared, topics).filter(({ kind }) => kind !== 'none')).toEqual([])
  expect(declared).toHaveLength(200)
})
