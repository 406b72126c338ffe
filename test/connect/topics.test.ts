import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeclaredTopic } from '../../control/declared/declared-topic.ts'
import { writeStrimziTopic } from '../../control/declared/write-strimzi.ts'
import { installJars } from '../../control/engines/native/jars.ts'
import { openAdmin } from '../../control/kafka/open-admin.ts'
import { type LiveTopic, readTopics } from '../../control/kafka/read-topics.ts'
import { openSinkProgress } from '../../control/kafka/sink-progress.ts'
import { makeTopics, replaceSettings } from '../../control/kafka/topic-settings.ts'
import { changeTopics } from '../../control/plan/change-topics.ts'
import { planTopics } from '../../control/plan/plan-topics.ts'
import { defaultCacheDir } from '../../control/system/cache-dir.ts'
import { startFakeConnect } from '../support/fake-connect.ts'
import { openTerminal } from '../support/run-trib.ts'
import { type SecuredBroker, startBroker } from '../support/secured/broker.ts'
import { makeCertificates } from '../support/secured/certificates.ts'
import { root } from '../support/trib.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-topics-'))
const { signal } = new AbortController()
let broker: SecuredBroker

beforeAll(async () => {
  const cacheDir = defaultCacheDir(process.env)
  const jars = await installJars({ root, cacheDir, env: process.env, signal, onProgress: () => {} })
  const certificates = await makeCertificates(folder)
  const users = { trib: 'kafka-secret' }
  broker = await startBroker({ folder, jars, certificates, users, operators: ['User:trib'] })
})
afterAll(async () => {
  await broker?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const access = () => ({ brokers: [broker.clear] })
const declared = (name: string, change: Partial<DeclaredTopic> = {}): DeclaredTopic => ({
  ...{ name, partitions: 1, replicas: 1, config: { 'retention.ms': '1000' } },
  origin: { file: 'topics.yaml', line: 1 },
  ...change,
})
const look = (name: string) => readTopics(access(), () => [name], { signal })

/** From what was seen once to what is declared, with what came of it. */
async function change(wanted: DeclaredTopic, live: readonly LiveTopic[]) {
  const [applied] = await changeTopics(access(), planTopics([wanted], live), {
    ...{ declared: [wanted], live, signal, onApplied: () => {} },
  })
  return [applied?.outcome, applied?.error?.code, applied?.error?.message]
}

async function set(name: string, config: Readonly<Record<string, string>>): Promise<void> {
  await using brokers = openAdmin(access())
  await brokers.ask(admin => replaceSettings(admin, [{ name, config }]))
}

test('a topic that somebody made since the plan is not called created', async () => {
  const unseen = await look('made')
  await change(declared('made'), [])

  expect(await change(declared('made', { config: {} }), unseen)).toEqual([
    'failed',
    'KAFKA_FAILED',
    'the topic made is there already: somebody made it meanwhile, or this user may not see it (Describe)',
  ])
  expect(await look('made')).toEqual([
    { name: 'made', partitions: 1, replicas: 1, config: { 'retention.ms': '1000' } },
  ])
})

test('a topic that somebody set since the plan is left as it is', async () => {
  await change(declared('changed'), [])
  const before = await look('changed')
  await set('changed', { 'retention.ms': '1000', 'max.message.bytes': '5000' })

  expect(await change(declared('changed', { config: { 'retention.ms': '2000' } }), before)).toEqual([
    'failed',
    'CHANGED_MEANWHILE',
    'topic changed was left as it is: its max.message.bytes was changed by somebody else meanwhile',
  ])
  expect((await look('changed'))[0]?.config).toEqual({ 'retention.ms': '1000', 'max.message.bytes': '5000' })
})

test('a throttle stays where another setting is changed', async () => {
  const throttle = { 'leader.replication.throttled.replicas': '0:1' }
  await change(declared('throttled'), [])
  const before = await look('throttled')
  await set('throttled', { 'retention.ms': '1000', ...throttle })

  expect(await change(declared('throttled', { config: { 'retention.ms': '2000' } }), before)).toEqual([
    'done',
    undefined,
    undefined,
  ])
  expect((await look('throttled'))[0]?.config).toEqual({ 'retention.ms': '2000', ...throttle })
})

test('a topic made like another has its settings, and says whose it is', async () => {
  await change(declared('model'), [])
  await using progress = openSinkProgress(async () => access())

  const made = [
    await progress.createLike('like', 'model', { 'cleanup.policy': 'compact' }),
    await progress.createLike('like', 'model'),
  ]

  expect(made).toEqual([true, false])
  expect((await look('like'))[0]?.config).toEqual({ 'retention.ms': '1000', 'cleanup.policy': 'compact' })
  await using brokers = openAdmin(access())
  expect(await brokers.ask(admin => makeTopics(admin, [declared('like')]))).toBe(false)
})

test('no connector is made where a topic could not be, and both are told apart', async () => {
  await using fake = await startFakeConnect({ lagMs: 1 })
  using terminal = openTerminal({ connectUrl: fake.url, kafka: [broker.clear] })
  const wide = { name: 'orders', partitions: 1, replicas: 3, config: {} }
  const topics = terminal.write('topics.yaml', writeStrimziTopic(wide))
  const connector = {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'connection.url': 'jdbc:postgresql://127.0.0.1:5432/warehouse',
    ...{ name: 'orders', topics: 'orders' },
  }
  const orders = terminal.write('orders.json', JSON.stringify(connector))

  const { code, stdout, stderr } = await terminal.run(['apply', '--no-doctor', '-f', topics, orders])

  expect([code, stdout]).toEqual([1, 'failed         topic orders\nnot begun      orders\n'])
  expect(stderr).toContain('not done: topic orders, orders; the same command goes on from there')
  expect(fake.count('POST /connectors')).toBe(0)
})
