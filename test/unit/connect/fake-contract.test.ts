import { createConnectClient } from '../../../control/connect/connect-client.ts'
import { connectClientContract } from '../../contract/connect-client-contract.ts'
import { startFakeConnect } from '../../support/fake-connect.ts'

connectClientContract('the fake Connect', async () => {
  const fake = await startFakeConnect()
  const topic = 'contract-topic'
  return {
    connect: createConnectClient({ urls: [fake.url] }),
    topic,
    sink: {
      'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
      'tasks.max': '1',
      topics: topic,
      'connection.url': 'jdbc:postgresql://127.0.0.1:5432/warehouse',
      transforms: 'drop',
      'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
      'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    },
    breakTask: async name => fake.setTaskState(name, 0, 'FAILED', 'java.lang.Exception: a\nCaused by: b: c'),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  }
})
