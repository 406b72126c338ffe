import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import { createTopics } from '../../control/kafka/create-topics.ts'
import { connectClientContract } from '../contract/connect-client-contract.ts'
import type { ContractCluster } from '../contract/contract-context.ts'
import { createTestStack, eventually, root, type TestStack } from '../support/trib.ts'

interface Status {
  readonly service: string
  readonly host: string
  readonly port: number
}

connectClientContract('a real Connect worker', async () => {
  const stack = createTestStack({ GENERATOR_HISTORY: '100' })
  try {
    return await openCluster(stack)
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
})

async function openCluster(stack: TestStack): Promise<ContractCluster> {
  const up = await stack.trib(['up', '--engine', 'native'])
  if (up.code !== 0) throw new Error(up.stderr)
  const services = await stack.json<Status[]>(['status'])
  const addressOf = (name: string) => {
    const service = services.find(one => one.service === name)
    if (!service) throw new Error(`no ${name} in the status`)
    return `${service.host}:${service.port}`
  }
  const topic = `contract-${randomBytes(4).toString('hex')}`
  await fillTopic(addressOf('kafka-1'), topic)
  const connect = createConnectClient({ urls: [`http://${addressOf('connect')}`] })
  return {
    connect,
    topic,
    sink: {
      'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
      'tasks.max': '1',
      topics: topic,
      ...readWarehouseAddress(),
      // Every record is dropped, so that no table is needed.
      transforms: 'drop',
      'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
      'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'key.converter.schemas.enable': 'false',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'false',
    },
    breakTask: async name => {
      await connect.patchConfig(name, { 'connection.url': 'jdbc:postgresql://127.0.0.1:1/none' })
      await eventually(
        'a failed task',
        async () => ((await connect.status(name))?.tasks[0]?.state === 'FAILED' ? true : undefined),
        { deadlineMs: 60_000 },
      )
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  }
}

/** As the shipped sink has it: host, port and password are references that the worker resolves. */
function readWarehouseAddress(): Record<string, string> {
  const path = join(root, 'connectors', 'moodle', 'warehouse-sink.json')
  const shipped: Record<string, string> = JSON.parse(readFileSync(path, 'utf8'))
  return Object.fromEntries(
    Object.entries(shipped).filter(([key]) => /^connection\.(url|username|password)$/.test(key)),
  )
}

/** Offsets can only be set to where a record is. */
async function fillTopic(broker: string, topic: string): Promise<void> {
  await createTopics([broker], [{ topic, partitions: 1, replicationFactor: 3, config: {} }])
  const producer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).producer()
  try {
    await producer.connect()
    await producer.send({ topic, messages: ['1', '2', '3'].map(value => ({ key: value, value })) })
  } finally {
    await producer.disconnect()
  }
}
