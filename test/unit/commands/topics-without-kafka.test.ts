import { expect, test } from 'vitest'
import { writeStrimziTopic } from '../../../control/declared/write-strimzi.ts'
import { config, openFakeWorld } from './fake-world.ts'

test('export --strimzi says what is missing where no Kafka is known', async () => {
  await using world = await openFakeWorld()
  await world.other.create('orders', config)

  expect(await world.trib('export --strimzi')).toMatchInlineSnapshot(`
    ! CONTEXT_INCOMPLETE: the context 'test' does not say where its Kafka is
    !   → npx trib config set-context test --kafka kafka-1.example.org:9092
    exit 2
  `)
})

test('diff compares the connectors where no Kafka is known, and says what it left out', async () => {
  await using world = await openFakeWorld()
  await world.other.create('orders', config)
  world.terminal.write(
    'topics.yaml',
    writeStrimziTopic({ name: 'orders', partitions: 1, replicas: 1, config: {} }),
  )
  world.file('orders')

  expect(
    await world.trib(`diff -f ${world.terminal.folder}/topics.yaml ${world.terminal.folder}/orders.json`),
  ).toMatchInlineSnapshot(`
      1 unchanged
      ! note: /home/topics.yaml line 7: metadata.labels.strimzi.io/cluster is not used: the context says which cluster is meant
      ! note: the topic was not looked at: the context 'test' does not say where its Kafka is
      !   → npx trib config set-context test --kafka kafka-1.example.org:9092
      exit 0
    `)
})
