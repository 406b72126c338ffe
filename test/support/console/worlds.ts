import type { Connector, TaskStatus } from '../../../control/connect/connect-api.ts'
import type { Reading, Snapshot, TopicSight } from '../../../control/health/snapshot.ts'
import { readPipelines } from '../../../control/pipelines/read-pipelines.ts'
import { database, slot, source, warehouse } from '../../unit/health/snapshots.ts'

const read = <T>(value: T): Reading<T> => ({ kind: 'read', value })
const runs = (id: number): TaskStatus => ({ id, state: 'RUNNING', workerId: 'w:1', trace: undefined })

export interface Change {
  /** What is wrong with connectors, by name. */
  readonly connectors?: Readonly<Record<string, Partial<Connector>>>
  readonly warehouse?: Snapshot['warehouses'][string]
  readonly atMs?: number
  /** Records that were put aside and are not mended. */
  readonly putAside?: number
  /** Rows that have gone all the way. */
  readonly rows?: number
}

/** Sources named so, each with one table, into one sink. */
export function worldOf(names: readonly string[], change: Change = {}): Snapshot {
  const { rows = 100, atMs = Date.now() } = change
  const connectors = [...names.map(sourceOf), sinkOf(names)].map(one => ({
    ...one,
    ...change.connectors?.[one.name],
  }))
  const sight = { ...database, slot, tables: database.tables.map(table => ({ ...table, changes: rows })) }
  const pipelines = readPipelines({ connectors, tablesOf: () => sight.tables })
  const topics = pipelines.flatMap(({ tables }) => tables.map(({ topic }) => topic))
  return {
    atMs,
    cluster: {
      ...{ context: 'local', kind: 'local', stackOption: undefined, contextOption: undefined },
      statusHint: 'npx trib status',
    },
    connectors: read(connectors),
    pipelines,
    databases: Object.fromEntries(names.map(name => [name, read(sight)])),
    warehouses: {
      lake: change.warehouse ?? read({ ...warehouse, atMs, beats: { 'the-shop': atMs - 800 } }),
    },
    topics: read(Object.fromEntries(topics.map(topic => [topic, topicOf(rows)]))),
    groups: read({
      lake: {
        group: 'connect-lake',
        committed: Object.fromEntries(topics.map(topic => [`${topic}/0`, rows])),
        retentionUsed: {},
        putAside: change.putAside ?? 0,
      },
    }),
  }
}

function sourceOf(name: string): Connector {
  return {
    ...{ ...source, name, tasks: [runs(0)] },
    config: { ...source.config, 'topic.prefix': prefixOf(name) },
  }
}

const prefixOf = (name: string) => name.replace(/[^\w.-]/g, '_')

function sinkOf(names: readonly string[]): Connector {
  const topics = names.flatMap(name => [`${prefixOf(name)}.sales.Orders`, `${prefixOf(name)}.ops.heartbeat`])
  return {
    ...{ name: 'lake', type: 'sink', state: 'RUNNING', workerId: 'w:1', trace: undefined, tasks: [runs(0)] },
    config: {
      'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
      topics: topics.join(','),
      'connection.url': 'jdbc:postgresql://lake:5432/lake',
      'connection.username': 'writer',
      'collection.name.format': '${source.table}',
    },
  }
}

function topicOf(end: number): TopicSight {
  return { partitions: [{ partition: 0, first: 0, end }], retentionMs: 604_800_000 }
}

/** A world in which no Connect answers. */
export function withoutConnect(): Snapshot {
  const silent = {
    kind: 'unreachable',
    reason: 'no Kafka Connect answers at http://127.0.0.1:1',
    command: undefined,
  } as const
  return { ...worldOf([]), connectors: silent, pipelines: [], databases: {}, warehouses: {} }
}

/** Weeks that end now, with as many rows as are asked for. */
export function weeksOf(count: number, columns: readonly [string, string]) {
  const mondayMs = Math.floor((Date.now() / 86_400_000 - 4) / 7) * 7 * 86_400_000 + 4 * 86_400_000
  let total = 0
  return Array.from({ length: count }, (_, index) => {
    const fresh = 300 + Math.round(120 * Math.sin(index / 7)) + ((index * 37) % 60)
    total += fresh
    const week = new Date(mondayMs - (count - 1 - index) * 7 * 86_400_000).toISOString().slice(0, 10)
    return { week, bars: String(fresh), line: String(total), columns: columns.join() }
  })
}

export const answersOf = (count: number) => ({
  'public.weekly_registrations': weeksOf(count, ['sites_registered', 'sites_total']),
  'public.admin_overlap': weeksOf(count, ['new_admins', 'admins_total']),
})
