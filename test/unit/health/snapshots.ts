import type { Connector, TaskStatus } from '../../../control/connect/connect-api.ts'
import { judge } from '../../../control/health/judge.ts'
import type { HopName, HopReport, PipelineReport } from '../../../control/health/report.ts'
import type {
  CapturedTable,
  DatabaseSight,
  GroupSight,
  Reading,
  SlotSight,
  Snapshot,
  TopicSight,
  WarehouseSight,
} from '../../../control/health/snapshot.ts'
import { readPipelines } from '../../../control/pipelines/read-pipelines.ts'

export const atMs = Date.UTC(2026, 0, 5, 12)
const megabyte = 1024 ** 2

const task = (id: number): TaskStatus => ({ id, state: 'RUNNING', workerId: 'w:1', trace: undefined })

/** A shop's own tables, schemas and names: nothing of the scenario. */
export const source: Connector = {
  ...{ name: 'shop', type: 'source', state: 'RUNNING', workerId: 'w:1', trace: undefined, tasks: [task(0)] },
  config: {
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    'database.user': 'reader',
    'database.dbname': 'shop',
    'topic.prefix': 'shop',
    'plugin.name': 'pgoutput',
    'slot.name': 'shop_slot',
    'publication.name': 'shop_pub',
    'table.include.list': 'sales.Orders,ops.heartbeat',
    'signal.data.collection': 'ops.signal',
    'heartbeat.interval.ms': '2000',
    'heartbeat.action.query':
      "insert into ops.heartbeat (source, beat_at) values ('the-shop', now()) on conflict (source) do update set beat_at = now()",
  },
}

export const sink: Connector = {
  ...{ name: 'lake', type: 'sink', state: 'RUNNING', workerId: 'w:1', trace: undefined, tasks: [task(0)] },
  config: {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    topics: 'shop.sales.Orders,shop.ops.heartbeat',
    'connection.url': 'jdbc:postgresql://lake:5432/lake',
    'connection.username': 'writer',
    'collection.name.format': '${source.table}',
  },
}

export const failed = (connector: Connector, trace: string): Connector => ({
  ...connector,
  tasks: [{ id: 0, state: 'FAILED', workerId: 'w:1', trace }],
})

export const slot: SlotSight = {
  ...{ isActive: true, activePid: 7, confirmedLsn: '0/10', restartLsn: '0/8', isOfOtherDatabase: false },
  ...{ retainedBytes: 1 * megabyte, unconfirmedBytes: 100, walStatus: 'reserved' },
  ...{ safeBytes: 99 * megabyte, limitBytes: 100 * megabyte },
}

const table = (schema: string, name: string, columns: CapturedTable['columns']): CapturedTable => ({
  ...{ oid: `${schema}.${name}`, schema, table: name, isPublished: true, changes: 10 },
  columns: columns.map((one, index) => ({ ...one, number: index + 1 })),
})
const column = (name: string, type: string, more = {}) => ({
  ...{ number: 0, name, type, isNullable: false, isKey: false, ...more },
})

export const database: DatabaseSight = {
  place: { name: 'shop', host: 'db', port: 5432, user: 'owner', database: 'shop', isService: false },
  ...{ skewMs: 0, walLsn: '0/20', walBytes: 1000, walLevel: 'logical', slotName: 'shop_slot', slot },
  ...{ publication: { isForAllTables: false }, publicationName: 'shop_pub', needsPublication: true },
  oldestTransaction: undefined,
  beatRuns: undefined,
  tables: [
    table('sales', 'Orders', [
      column('id', 'bigint', { isKey: true }),
      column('total', 'numeric(10,2)', { isNullable: true }),
    ]),
    table('ops', 'heartbeat', [column('source', 'text', { isKey: true }), column('beat_at', 'timestamptz')]),
  ],
}

export const warehouse: WarehouseSight = {
  place: { name: 'warehouse', host: 'lake', port: 5432, user: 'owner', database: 'lake', isService: false },
  ...{
    atMs,
    skewMs: 0,
    searchPath: ['landing', 'public'],
    beats: { 'the-shop': atMs - 1_500 },
    beatRuns: {},
    known: [],
  },
  tables: [
    { schema: 'landing', table: 'Orders', changes: 9 },
    { schema: 'public', table: 'heartbeat', changes: 5 },
  ],
}

const dayMs = 86_400_000
const topic = (first: number, end: number): TopicSight => ({
  partitions: [{ partition: 0, first, end }],
  retentionMs: 7 * dayMs,
})
export const topics: Readonly<Record<string, TopicSight>> = {
  'shop.sales.Orders': topic(0, 100),
  'shop.ops.heartbeat': topic(0, 50),
}

/** As they are declared, before anything was sent. */
export const emptyTopics: Readonly<Record<string, TopicSight>> = {
  'shop.sales.Orders': topic(0, 0),
  'shop.ops.heartbeat': topic(0, 0),
}

export const group: GroupSight = {
  group: 'connect-lake',
  committed: { 'shop.sales.Orders/0': 100, 'shop.ops.heartbeat/0': 50 },
  retentionUsed: {},
}

export const read = <T>(value: T): Reading<T> => ({ kind: 'read', value })
export const unread = (
  kind: 'missing' | 'unreachable' | 'refused',
  reason: string,
  command?: string,
): Reading<never> => ({ kind, reason, command })

export interface World {
  readonly source?: Connector | undefined
  readonly sink?: Connector | undefined
  readonly database?: Reading<DatabaseSight>
  readonly warehouse?: Reading<WarehouseSight>
  readonly topics?: Snapshot['topics']
  readonly group?: GroupSight
  readonly connectors?: Snapshot['connectors']
  readonly cluster?: Partial<Snapshot['cluster']>
  readonly atMs?: number
}

/** All is well, but for what is given; `source: undefined` takes it away. */
export function snapshotOf(world: World = {}): Snapshot {
  const ends = ['source' in world ? world.source : source, 'sink' in world ? world.sink : sink].filter(
    one => one !== undefined,
  )
  const connectors = world.connectors ?? read(ends)
  const live = connectors.kind === 'read' ? connectors.value : []
  const seen = world.database ?? read(database)
  const tables = seen.kind === 'read' ? seen.value.tables : undefined
  return {
    atMs: world.atMs ?? atMs,
    cluster: {
      ...{ context: 'prod', kind: 'file', stackOption: undefined, contextOption: undefined },
      ...{ statusHint: 'npx trib config get-contexts', ...world.cluster },
    },
    connectors,
    pipelines: readPipelines({ connectors: live, tablesOf: () => tables }),
    databases: { shop: seen },
    warehouses: { lake: world.warehouse ?? read(warehouse) },
    topics: world.topics ?? read(topics),
    groups: read({ lake: world.group ?? group }),
  }
}

export function judged(world: World = {}, before?: World): PipelineReport {
  const report = judge(snapshotOf(world), before ? { before: snapshotOf(before) } : {})
  const [pipeline] = report.pipelines
  if (!pipeline) throw new Error('no pipeline was judged')
  return pipeline
}

export function hopOf({ hops }: PipelineReport, name: HopName): HopReport | undefined {
  return hops.find(({ hop }) => hop === name)
}
