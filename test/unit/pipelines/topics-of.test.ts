import { expect, it } from 'vitest'
import { topicsOf } from '../../../control/pipelines/topics-of.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'

const source = (prefix: string, config: Record<string, string> = {}) => ({
  connector: { name: `${prefix}-source`, type: 'source', config: { 'topic.prefix': prefix, ...config } },
  topics: [],
})
const sink = (config: Record<string, string>, topics: string[] = []) => ({
  connector: { name: 'sink', type: 'sink', config },
  topics,
})
const existing = [
  ...moodle.topics.map(({ topic }) => topic),
  ...['__consumer_offsets', 'connect-configs', 'connect-offsets', 'connect-status', 'other', 'sink.dlq'],
]

it('every topic of the scenario belongs to its sources, and none of Kafka or Connect', () => {
  expect(topicsOf([source('community-db'), source('sites-db')], existing)).toEqual(
    moodle.topics.map(({ topic }) => topic),
  )
})

it.each([
  [
    'those of the list',
    { topics: 'other, sites-db.public.SitesUsers' },
    ['sites-db.public.SitesUsers', 'other'],
  ],
  ['those of the pattern', { 'topics.regex': 'oth.*' }, ['other']],
  [
    'its own for dead letters',
    { topics: 'other', 'errors.deadletterqueue.topic.name': 'connect-status' },
    ['connect-status', 'other'],
  ],
])('to a sink belong %s, and where its dead letters are', (_, config, topics) => {
  const own = 'errors.deadletterqueue.topic.name' in config ? [] : ['sink.dlq']

  expect(topicsOf([sink(config)], existing)).toEqual([...topics, ...own])
})

it('what Connect has seen a connector use belongs to it, whatever its config says', () => {
  expect(topicsOf([sink({ topics: 'gone' }, ['other'])], existing)).toEqual(['other', 'sink.dlq'])
})

it('a prefix that begins like another one takes nothing of the other', () => {
  expect(topicsOf([source('community')], existing)).toEqual([])
})
