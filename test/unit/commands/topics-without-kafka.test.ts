import { expect, test } from 'vitest'
import { writeStrimziTopic } from '../../../control/declared/write-strimzi.ts'
import { config, openFakeWorld } from './fake-world.ts'

const topicsFile = writeStrimziTopic({ name: 'orders', partitions: 1, replicas: 1, config: {} })

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
  world.terminal.write('topics.yaml', topicsFile)
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

test.each(['apply', 'diff'])(
  '%s --prune of files with topics alone deletes nothing of what was applied',
  async command => {
    await using world = await openFakeWorld()
    await world.trib(`apply -f ${world.file('orders')}`)
    const path = world.terminal.write('topics.yaml', topicsFile)

    const { code, stderr } = await world.terminal.run([command, '--prune', '-f', path], { answer: 'yes' })

    expect([code, stderr.split('\n').slice(-3)]).toEqual([
      2,
      [
        'USAGE: the files declare no connector, and --prune would delete every one that was applied from here',
        `  → name the files of the connectors, too, or leave --prune away: npx trib ${command} -f ${path}`,
        '',
      ],
    ])
    expect(await world.other.config('orders')).toBeDefined()
  },
)

test.each(['validate', 'doctor'])(
  '%s of files with topics alone does not say that all is well',
  async command => {
    await using world = await openFakeWorld()
    const path = world.terminal.write('topics.yaml', topicsFile)

    const { code, stderr } = await world.terminal.run([command, '-f', path])

    expect([code, stderr.split('\n').slice(-3)]).toEqual([
      2,
      [
        `USAGE: ${path}: no connector is declared there, and ${command} does not look at topics`,
        `  → npx trib diff -f ${path} compares them with those that are there`,
        '',
      ],
    ])
  },
)
