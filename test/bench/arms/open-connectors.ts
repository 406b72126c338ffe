import { Kafka, logLevel } from 'kafkajs'
import type { ConnectClient } from '../../../control/connect/connect-api.ts'
import { createTopics } from '../../../control/kafka/create-topics.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'
import { eventually } from '../../support/trib.ts'
import type { BenchStack } from '../open-bench-stack.ts'
import type { Arm } from './arm.ts'
import { connectorConfigs } from './connector-configs.ts'
import type { Pipeline, PipelineOptions } from './pipeline.ts'

/** As that of the shipped tables: three copies, two of them before it counts as written. */
const [topicPlan] = moodle.topics

/** Debezium into Kafka into the JDBC sink. */
export async function openConnectors(
  stack: BenchStack,
  arm: Extract<Arm, { kind: 'connectors' }>,
  { id, tables }: PipelineOptions,
): Promise<Pipeline> {
  const { source, warehouse, connect, brokers } = stack
  const configs = await connectorConfigs(arm, { id, tables: tables.map(({ name }) => name) })
  const names = tables.map(({ name }) => name).join(', ')
  const topics = [
    ...(configs.sink['topics']?.split(',') ?? []),
    ...[`__debezium-heartbeat.${id}`, `${id}.tributary.signal`, `${id}.tributary.heartbeat`],
  ]
  const both = [`${id}_source`, `${id}_sink`] as const
  const [sourceName, sinkName] = both
  await source.query(`grant select on ${names} to debezium`)
  await warehouse.query(`grant select, insert, update, delete on ${names} to sink`)
  await source.query(`create publication ${id} for table ${names}, tributary.heartbeat, tributary.signal`)
  await createTopics(
    brokers,
    [...new Set(topics)].map(topic => ({ ...needed(topicPlan), topic })),
  )
  return {
    async start() {
      await connect.create(sourceName, configs.source)
      await connect.create(sinkName, configs.sink)
    },
    async pause() {
      for (const name of both) await connect.stop(name)
    },
    async resume() {
      for (const name of both) await connect.resume(name)
    },
    check: async () => {
      for (const name of both) await failUnlessWell(connect, name)
    },
    async [Symbol.asyncDispose]() {
      for (const name of both) await connect.delete(name)
      await eventually(`the slot ${id} to be dropped`, async () => {
        await source.query(
          `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${id}' and not active`,
        )
        const { rows } = await source.query(`select from pg_replication_slots where slot_name = '${id}'`)
        return rows.length === 0 ? true : undefined
      })
      await source.query(`drop publication ${id}`)
      await deleteTopics(brokers, topics)
    },
  }
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the scenario has no topic')
  return value
}

/** The first line of a trace says what, its last cause says why. */
async function failUnlessWell(connect: ConnectClient, name: string): Promise<void> {
  const status = await connect.status(name)
  const failed = status?.tasks.find(({ state }) => state === 'FAILED')
  if (failed) throw new Error(`${name} has failed: ${failed.trace}`)
}

async function deleteTopics(brokers: readonly string[], topics: readonly string[]): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await admin.deleteTopics({ topics: [...new Set(topics)] })
  } finally {
    await admin.disconnect()
  }
}
