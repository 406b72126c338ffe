import type { Arm, Settings } from './arm.ts'

/** The three that every table of results begins with. */
export const mainArms: readonly Arm[] = [
  { kind: 'connectors', name: 'defaults', base: 'defaults' },
  { kind: 'connectors', name: 'shipped', base: 'shipped' },
  { kind: 'logical', name: 'logical' },
]

type Connectors = Extract<Arm, { kind: 'connectors' }>

interface Change {
  readonly source?: Settings
  readonly sink?: Settings
}

const shippedWith = (name: string, change: Change): Connectors => ({
  ...{ kind: 'connectors', name, base: 'shipped' },
  ...change,
})

/** What is shipped, minus one setting each: what it is worth. */
export const ablations: readonly Arm[] = [
  shippedWith('minus flattening', {
    source: { transforms: null },
    sink: { transforms: null, 'collection.name.format': '${source.table}' },
  }),
  shippedWith('minus no headers', { source: { 'extended.headers.enabled': null } }),
  shippedWith('minus gzip', { source: { 'producer.override.compression.type': null } }),
  shippedWith('minus gzip level 1', { source: { 'producer.override.compression.gzip.level': null } }),
  shippedWith('minus producer batches', {
    source: { 'producer.override.batch.size': null, 'producer.override.linger.ms': null },
  }),
  shippedWith('minus five in flight', {
    source: {
      'producer.override.enable.idempotence': null,
      'producer.override.max.in.flight.requests.per.connection': null,
    },
  }),
  shippedWith('minus short poll', { source: { 'poll.interval.ms': null } }),
  shippedWith('minus source batches', {
    source: { 'max.batch.size': null, 'max.queue.size': null, 'max.queue.size.in.bytes': null },
  }),
  shippedWith('minus fetch size', { source: { 'snapshot.fetch.size': null } }),
  shippedWith('minus rewritten inserts', {
    sink: {
      'connection.url':
        'jdbc:postgresql://${env:WAREHOUSE_HOST}:${env:WAREHOUSE_PORT}/warehouse?stringtype=unspecified&ApplicationName=warehouse-sink',
    },
  }),
  shippedWith('minus reduction buffer', {
    sink: {
      'use.reduction.buffer': null,
      'connection.url':
        'jdbc:postgresql://${env:WAREHOUSE_HOST}:${env:WAREHOUSE_PORT}/warehouse?stringtype=unspecified&ApplicationName=warehouse-sink',
    },
  }),
  shippedWith('minus sink batches', {
    sink: { 'batch.size': null, 'consumer.override.max.poll.records': null },
  }),
  shippedWith('minus large fetches', { sink: { 'consumer.override.max.partition.fetch.bytes': null } }),
]

const keyField = { field: 'id', type: 'int64', optional: false }

/** What Debezium writes into each record of a table of users, said once. */
const userSchema = {
  type: 'struct',
  optional: false,
  fields: [
    keyField,
    { field: 'email', type: 'string', optional: false },
    { field: 'username', type: 'string', optional: false },
    {
      ...{ field: 'registration_timestamp', type: 'string', optional: false },
      ...{ name: 'io.debezium.time.ZonedTimestamp', version: 1 },
    },
  ],
}

/** What was tried beside what is shipped; README.md says what came of it. */
export const experiments: readonly Arm[] = [
  shippedWith('small queue', { source: { 'max.batch.size': '2048', 'max.queue.size': '8192' } }),
  shippedWith('lz4', { source: { 'producer.override.compression.type': 'lz4' } }),
  shippedWith('zstd', { source: { 'producer.override.compression.type': 'zstd' } }),
  {
    ...shippedWith('schema on the sink', {
      source: { 'key.converter.schemas.enable': 'false', 'value.converter.schemas.enable': 'false' },
      sink: {
        'key.converter.schema.content': JSON.stringify({ ...userSchema, fields: [keyField] }),
        'value.converter.schema.content': JSON.stringify(userSchema),
      },
    }),
    isAlone: true,
  },
  shippedWith('two sessions', { sink: { 'connection.pool.max_size': '2' } }),
  shippedWith('minus handling mode', { sink: { 'hibernate.connection.handling_mode': null } }),
  shippedWith('sink batches of 5000', { sink: { 'batch.size': '5000' } }),
  shippedWith('sink batches of 1000', { sink: { 'batch.size': '1000' } }),
]

export const allArms: readonly Arm[] = [...mainArms, ...ablations, ...experiments]
