import { expect, test } from 'vitest'
import { writeStrimziTopic } from '../../../control/declared/write-strimzi.ts'
import { TribError } from '../../../control/errors/trib-error.ts'
import { createTopics } from '../../../control/kafka/create-topics.ts'
import { changeTopics } from '../../../control/plan/change-topics.ts'
import { planTopics } from '../../../control/plan/plan-topics.ts'
import { startFakeConnect } from '../../support/fake-connect.ts'
import { openTerminal } from '../../support/run-trib.ts'
import { openSilentBroker } from '../../support/silent-broker.ts'
import { config } from './fake-world.ts'

const topic = { name: 'orders', partitions: 1, replicas: 1, config: {} }
const interrupted = new TribError('INTERRUPTED', 'ended by ^C')

test.each(['diff -f', 'apply -f', 'export --strimzi --to'])(
  'the first ^C ends trib %s with 130, though the brokers say nothing',
  async command => {
    await using broker = await openSilentBroker()
    await using fake = await startFakeConnect({ lagMs: 1 })
    using terminal = openTerminal({ connectUrl: fake.url, kafka: [broker.address] })
    await terminal.run([
      'apply',
      '-f',
      terminal.write('orders.json', JSON.stringify({ name: 'orders', ...config })),
    ])
    const path = terminal.write('topics.yaml', writeStrimziTopic(topic))
    const interrupt = new AbortController()

    const running = terminal.run([...command.split(' '), path], { signal: interrupt.signal })
    await broker.met
    const pressedAt = performance.now()
    interrupt.abort(interrupted)
    const { code, stdout, stderr } = await running

    expect([code, stdout, stderr.split('\n').at(-2)]).toEqual([130, '', 'INTERRUPTED: ended by ^C'])
    expect(performance.now() - pressedAt).toBeLessThan(500)
  },
)

test('^C while topics are made tells what was under way and what was not begun, at once', async () => {
  await using broker = await openSilentBroker()
  const interrupt = new AbortController()
  const declared = ['orders', 'users'].map(name => ({
    ...topic,
    name,
    origin: { file: 'topics.yaml', line: 1 },
  }))

  const changing = changeTopics({ brokers: [broker.address] }, planTopics(declared, []), {
    ...{ declared, live: [], signal: interrupt.signal, onApplied: () => {} },
  })
  await broker.met
  interrupt.abort(interrupted)

  expect((await changing).map(({ name, outcome, error }) => [name, outcome, error?.message])).toEqual([
    ['orders', 'failed', 'topic orders: ended while its change was under way'],
    ['users', 'not-begun', undefined],
  ])
})

test('^C while up makes the topics does not wait for brokers that say nothing', async () => {
  await using broker = await openSilentBroker()
  const interrupt = new AbortController()
  const plan = { topic: 'orders', partitions: 1, replicationFactor: 1, config: {} }

  const creating = createTopics([broker.address], [plan], { signal: interrupt.signal })
  await broker.met
  interrupt.abort(interrupted)

  await expect(creating).rejects.toBe(interrupted)
})
