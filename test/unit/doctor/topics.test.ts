import { expect, test } from 'vitest'
import { topicChecks } from '../../../control/doctor/checks/topics.ts'
import type { TopicFacts } from '../../../control/doctor/subjects/kafka-subject.ts'
import { healthyTopic, paste, subjectOf, topicCases } from './topic-cases.ts'

const [check] = topicChecks
const look = async (topic: TopicFacts) => (await check?.run(subjectOf(topic))) ?? []

test('a topic as the scenario makes it has no finding', async () => {
  expect(await look(healthyTopic)).toEqual([])
})

test.each(topicCases)('$check: $fault', async ({ broken, severity, message }) => {
  const findings = await look(broken)

  expect(findings.map(one => one.severity)).toEqual([severity])
  expect(findings[0]?.message).toMatch(message)
  expect(await look(findings.reduce(paste, broken))).toEqual([])
})

test('a single broker is not blamed for keeping one copy', async () => {
  const alone = { ...subjectOf({ ...healthyTopic, replication: 1 }), brokers: 1 }

  expect(await check?.run(alone)).toEqual([])
})
