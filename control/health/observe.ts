import type { ConnectClient, Connector } from '../connect/connect-api.ts'
import { consumerGroupOf } from '../connect/consumer-group.ts'
import { deadLetterTopicOf, mendedGroupOf } from '../connect/dead-letter-names.ts'
import type { OpenContext } from '../contexts/open-context.ts'
import type { Database, OpenDatabaseOptions } from '../database/connect.ts'
import type { LendAdmin } from '../kafka/lend-admin.ts'
import { locateSource, locateWarehouse } from '../pipelines/locate-databases.ts'
import type { Pipeline } from '../pipelines/pipeline.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { kindOf } from '../plan/connector-kind.ts'
import type { Clock } from '../system/clock.ts'
import { byName } from './by-name.ts'
import { heartbeatOf } from './heartbeat.ts'
import { observeDatabase } from './observe-database.ts'
import { type KafkaSight, observeKafka } from './observe-kafka.ts'
import { observeWarehouse } from './observe-warehouse.ts'
import type { Cluster, DatabaseSight, Reading, Snapshot, WarehouseSight } from './snapshot.ts'
import { sqlPlaceOf } from './sql-place.ts'
import { reading, readOf } from './unread.ts'

export interface ObserveOptions {
  readonly context: OpenContext
  readonly connect: ConnectClient
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly cluster: Cluster
  /** Whoever looks every second keeps its sessions. (Default: opened, and closed again) */
  readonly open?: ((options: OpenDatabaseOptions) => Promise<Database>) | undefined
  readonly lendAdmin?: LendAdmin | undefined
}

/** Longest for one part; they are asked side by side. */
const deadlineMs = 5_000

/** Looks at everything once: one request to Connect, one session in each database, one client of the brokers. */
export async function observe(options: ObserveOptions): Promise<Snapshot> {
  const { connect, cluster, clock, signal } = options
  const connectors = await reading(() => connect.list(), {
    ...{ what: `Kafka Connect at ${connect.url}`, code: 'CONNECT_FAILED', deadlineMs, signal },
  })
  const live = readOf(connectors) ?? []
  const sources = live.filter(({ config, type }) => kindOf(config, type).debezium === 'postgres')
  // Kept until the databases have told which tables there are: what is captured decides what is read.
  const databases = await eachOf(sources, source => lookAtSource(source, options))
  const tablesOf = (source: Connector) => readOf(databases[source.name])?.tables
  const pipelines = readPipelines({ connectors: live, tablesOf })
  const sinks = live.filter(({ config }) => /^jdbc:postgresql:/.test(config['connection.url'] ?? ''))
  const [warehouses, kafka] = await Promise.all([
    eachOf(sinks, sink => lookAtWarehouse(sink, pipelines, options)),
    lookAtKafka(pipelines, options),
  ])
  return {
    ...{ atMs: clock.now(), cluster, connectors, pipelines, databases, warehouses },
    topics: kafka.kind === 'read' ? { kind: 'read', value: kafka.value.topics } : kafka,
    groups: kafka.kind === 'read' ? { kind: 'read', value: kafka.value.groups } : kafka,
  }
}

async function lookAtSource(
  source: Connector,
  { context, clock, signal, open }: ObserveOptions,
): Promise<Reading<DatabaseSight>> {
  const what = `the database of ${source.name}`
  return reading(
    async inTime => {
      const located = await locateSource(context, source)
      const { address } = located
      const place = await sqlPlaceOf(context, located)
      return observeDatabase(source, address, { place, open, clockNow: () => clock.now(), signal: inTime })
    },
    { what, code: 'DATABASE_FAILED', deadlineMs, signal },
  )
}

async function lookAtWarehouse(
  sink: Connector,
  pipelines: readonly Pipeline[],
  { context, clock, signal, open }: ObserveOptions,
): Promise<Reading<WarehouseSight>> {
  const own = pipelines.filter(one => one.sink?.name === sink.name)
  const targets = own.flatMap(({ tables }) => tables.flatMap(({ target }) => target?.table ?? []))
  const heartbeats = own.flatMap(one => heartbeatOf(one)?.target?.table ?? [])
  return reading(
    async inTime => {
      const located = await locateWarehouse(context, sink)
      const place = await sqlPlaceOf(context, located)
      return observeWarehouse(sink, located.address, {
        ...{ place, open, targets, heartbeats, clockNow: () => clock.now(), signal: inTime },
      })
    },
    { what: `the warehouse of ${sink.name}`, code: 'DATABASE_FAILED', deadlineMs, signal },
  )
}

async function lookAtKafka(
  pipelines: readonly Pipeline[],
  { context, clock, signal, lendAdmin: lend }: ObserveOptions,
): Promise<Reading<KafkaSight>> {
  const topics = [...new Set(pipelines.flatMap(({ tables }) => tables.map(({ topic }) => topic)))]
  const sinks = [
    ...new Map(pipelines.flatMap(({ sink }) => (sink ? [[sink.name, sink] as const] : []))).values(),
  ]
  const groups = sinks.map(sink => ({
    sink: sink.name,
    group: consumerGroupOf(sink),
    deadLetters: { topic: deadLetterTopicOf(sink), group: mendedGroupOf(sink) },
    topics: [
      ...new Set(
        pipelines.flatMap(one => (one.sink?.name === sink.name ? one.tables.map(({ topic }) => topic) : [])),
      ),
    ],
  }))
  return reading(
    async () => observeKafka(await context.kafka(), { topics, groups, lend, nowMs: clock.now() }),
    {
      ...{ what: 'the brokers', code: 'KAFKA_FAILED', deadlineMs, signal },
    },
  )
}

async function eachOf<T>(
  connectors: readonly Connector[],
  look: (connector: Connector) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  return byName(await Promise.all(connectors.map(async one => [one.name, await look(one)] as const)))
}
