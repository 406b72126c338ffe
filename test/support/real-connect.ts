import { Kafka, logLevel } from 'kafkajs'
import { createTopics } from '../../control/kafka/create-topics.ts'
import { createTestStack } from './trib.ts'

/** A stack of its own with the committed connectors on it, and what tests of Connect need to reach it. */
export interface RealConnect extends AsyncDisposable {
  /** `--stack` for commands as programs of their own. */
  readonly stackName: string
  readonly url: string
  readonly broker: string
  /** Makes a topic with three records in its one partition: offsets can only be set to where a record is. */
  fillTopic(topic: string): Promise<void>
}

interface Status {
  readonly service: string
  readonly host: string
  readonly port: number
}

export async function openRealConnect(): Promise<RealConnect> {
  const stack = createTestStack({ GENERATOR_HISTORY: '100' })
  try {
    const up = await stack.trib(['up', '--engine', 'native'])
    if (up.code !== 0) throw new Error(up.stderr)
    const services = await stack.json<Status[]>(['status'])
    const addressOf = (name: string) => {
      const service = services.find(one => one.service === name)
      if (!service) throw new Error(`no ${name} in the status`)
      return `${service.host}:${service.port}`
    }
    const broker = addressOf('kafka-1')
    return {
      stackName: stack.name,
      url: `http://${addressOf('connect')}`,
      broker,
      fillTopic: topic => fillTopic(broker, topic),
      [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
    }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

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
