import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Connector, ConnectorConfig } from '../../../control/connect/connect-api.ts'
import { capturedTables } from '../../../control/pipelines/captured-tables.ts'
import { readPipelines } from '../../../control/pipelines/read-pipelines.ts'
import { targetOf, topicOf } from '../../../control/pipelines/routing.ts'
import { root } from '../../support/trib.ts'

const connector = (name: string, type: string, config: ConnectorConfig): Connector => ({
  ...{ name, type, config, state: 'RUNNING', workerId: 'w:1', trace: undefined, tasks: [] },
})
const shipped = ['community-source', 'sites-source', 'warehouse-sink'].map(name => {
  const config = JSON.parse(readFileSync(join(root, 'connectors', 'moodle', `${name}.json`), 'utf8'))
  return connector(name, name.endsWith('sink') ? 'sink' : 'source', config)
})
const postgres = { 'connector.class': 'io.debezium.connector.postgresql.PostgresConnector' }

describe('pipelines', () => {
  it('of the shipped connectors go from each source to the one sink', () => {
    const pipelines = readPipelines({ connectors: shipped })

    expect(pipelines.map(({ name, sink, tables }) => ({ name, sink: sink?.name, tables }))).toEqual([
      {
        name: 'community-source',
        sink: 'warehouse-sink',
        tables: [
          {
            source: { schema: 'public', table: 'CommunityUsers' },
            topic: 'community-db.public.CommunityUsers',
            target: { schema: undefined, table: 'CommunityUsers' },
          },
          {
            source: { schema: 'tributary', table: 'heartbeat' },
            topic: 'community-db.tributary.heartbeat',
            target: { schema: undefined, table: 'heartbeat' },
          },
          {
            source: { schema: 'tributary', table: 'community_beat_log' },
            topic: 'community-db.tributary.community_beat_log',
            target: { schema: undefined, table: 'community_beat_log' },
          },
        ],
      },
      {
        name: 'sites-source',
        sink: 'warehouse-sink',
        tables: [
          {
            source: { schema: 'public', table: 'SitesUsers' },
            topic: 'sites-db.public.SitesUsers',
            target: { schema: undefined, table: 'SitesUsers' },
          },
          {
            source: { schema: 'tributary', table: 'heartbeat' },
            topic: 'sites-db.tributary.heartbeat',
            target: { schema: undefined, table: 'heartbeat' },
          },
          {
            source: { schema: 'tributary', table: 'sites_beat_log' },
            topic: 'sites-db.tributary.sites_beat_log',
            target: { schema: undefined, table: 'sites_beat_log' },
          },
        ],
      },
    ])
  })

  it('are there without a sink, without a source, and once for each of several sinks', () => {
    const source = connector('shop', 'source', {
      ...postgres,
      'topic.prefix': 'shop',
      'table.include.list': 'public.orders',
    })
    const sink = (name: string, config: ConnectorConfig) =>
      connector(name, 'sink', { 'connector.class': 'JdbcSink', ...config })
    const names = (connectors: readonly Connector[]) =>
      readPipelines({ connectors }).map(one => [one.name, one.source?.name, one.sink?.name])

    expect(names([source])).toEqual([['shop', 'shop', undefined]])
    expect(names([sink('lake', { topics: 'shop.public.orders' })])).toEqual([['lake', undefined, 'lake']])
    expect(
      names([
        source,
        sink('a', { 'topics.regex': 'shop\\..*' }),
        sink('b', { topics: 'shop.public.orders,else' }),
      ]),
    ).toEqual([
      ['shop/a', 'shop', 'a'],
      ['shop/b', 'shop', 'b'],
      ['b', undefined, 'b'],
    ])
  })
})

describe('pipelines whose database cannot be asked', () => {
  const connectors = (topics: ConnectorConfig) => [
    connector('shop', 'source', { ...postgres, 'topic.prefix': 'shop', 'table.include.list': 'public\\..*' }),
    connector('lake', 'sink', { 'connector.class': 'JdbcSink', ...topics }),
    connector('files', 'source', { 'connector.class': 'FileStreamSource' }),
  ]
  const shape = (topics: ConnectorConfig) =>
    readPipelines({ connectors: connectors(topics) }).map(one => [
      one.name,
      one.sink?.name,
      one.tables.length,
    ])

  it('are known by the topics that a sink names, else each connector stands on its own', () => {
    expect(shape({ topics: 'shop.public.orders,shop.public.lines' })).toEqual([
      ['shop', 'lake', 2],
      ['files', undefined, 0],
    ])
    expect(shape({ 'topics.regex': 'shop.*' })).toEqual([
      ['shop', undefined, 0],
      ['lake', 'lake', 0],
      ['files', undefined, 0],
    ])
  })
})

describe('a topic', () => {
  it.each([
    [{ 'topic.prefix': 'p' }, 'p.public.orders'],
    [{ 'topic.prefix': 'p', 'topic.delimiter': '-' }, 'p-public-orders'],
    [{ 'topic.prefix': 'p', schema: 'ünïcode ok' }, 'p._n_code_ok.orders'],
    [
      {
        'topic.prefix': 'p',
        transforms: 'r',
        'transforms.r.type': 'org.apache.kafka.connect.transforms.RegexRouter',
        'transforms.r.regex': 'p\\.(.*)\\.(.*)',
        'transforms.r.replacement': '$2-of-$1',
      },
      'orders-of-public',
    ],
  ])('of %j is %s', ({ schema = 'public', ...config }: ConnectorConfig & { schema?: string }, expected) => {
    expect(topicOf(config, { schema, table: 'orders' })).toBe(expected)
  })
})

describe('a target', () => {
  const from = { schema: 'sales', table: 'orders' }
  it.each([
    [{}, { schema: undefined, table: 'p_sales_orders' }],
    [
      { 'table.name.format': '${source.schema}_${source.table}' },
      { schema: undefined, table: 'sales_orders' },
    ],
    [{ 'collection.name.format': 'raw.${source.table}' }, { schema: 'raw', table: 'orders' }],
    [{ 'collection.name.format': '${source.db}' }, undefined],
  ])('of %j is %j', (config, expected) => {
    expect(targetOf(config, 'p.sales.orders', from)).toEqual(expected)
  })
})

describe('captured tables', () => {
  const all = [
    { schema: 'public', table: 'Orders' },
    { schema: 'public', table: 'orders_old' },
    { schema: 'audit', table: 'log' },
  ]
  it.each([
    [{}, ['Orders', 'orders_old', 'log']],
    [{ 'table.include.list': 'public.orders' }, ['Orders']],
    [{ 'table.include.list': 'public\\.orders.*, audit.log' }, ['Orders', 'orders_old', 'log']],
    [{ 'schema.include.list': 'audit' }, ['log']],
    [{ 'table.exclude.list': '.*_old' }, ['Orders', 'log']],
    [{ 'schema.exclude.list': 'public' }, ['log']],
  ])('of %j are %j', (config, expected) => {
    expect(capturedTables(config, all).map(({ table }) => table)).toEqual(expected)
  })
})
