import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../control/health/rules/catalogue.ts'
import { root } from '../../support/trib.ts'
import { database, failed, hopOf, judged, read, sink, source, type World, warehouse } from './snapshots.ts'

const java = (...causes: readonly string[]) =>
  ['org.apache.kafka.connect.errors.ConnectException: Exiting task due to unrecoverable exception.']
    .concat(causes.map(cause => `\tat java.base/java.lang.Thread.run(Thread.java:840)\nCaused by: ${cause}`))
    .join('\n')
const psql = (text: string) => `org.postgresql.util.PSQLException: ${text}`
const noSlot: World = { database: read({ ...database, slot: undefined }) }
const lake = 'psql postgres://owner@lake:5432/lake -c'
const shop = 'psql postgres://owner@db:5432/shop -c'
const restartSink = 'npx trib restart lake'
const restartSource = 'npx trib restart shop'
const anew = `npx trib stop shop && ${shop} "select pg_drop_replication_slot('shop_slot')" && npx trib delete offsets shop --yes && npx trib resume shop && npx trib verify --repair --yes`

/** Most are cut from what Debezium 3.7.0 and its JDBC sink 3.6.0 gave on the native stack; Postgres' own are known. */
const traces: readonly (readonly [
  rule: string,
  side: 'source' | 'sink',
  trace: string,
  cause: string,
  command: string,
])[] = [
  [
    'password-refused',
    'source',
    psql('FATAL: password authentication failed for user "debezium"'),
    'its database refuses the password that the worker has for debezium',
    restartSource,
  ],
  [
    'no-such-role',
    'sink',
    psql('FATAL: role "writer" does not exist'),
    'the warehouse does not let writer in',
    restartSink,
  ],
  [
    'unresolved-variable',
    'source',
    'java.net.UnknownHostException: ${env:SHOP_HOST}',
    'does not know the variable SHOP_HOST',
    'npx trib describe connector shop',
  ],
  [
    'slot-invalidated',
    'source',
    psql('ERROR: can no longer access replication slot "shop_slot"'),
    'the slot shop_slot was invalidated',
    anew,
  ],
  [
    'slot-dropped',
    'source',
    psql('ERROR: replication slot "shop_slot" does not exist'),
    'the slot shop_slot was dropped',
    anew,
  ],
  [
    'offset-out-of-step',
    'source',
    'io.debezium.DebeziumException: The connector is trying to read change stream starting at PostgresOffsetContext [lsn=LSN{0/1A128E0}], but this is no longer available on the server. Reconfigure the connector to use a snapshot mode when needed.',
    'the slot shop_slot no longer has what shop is to read next',
    anew,
  ],
  [
    'slot-in-use',
    'source',
    psql('ERROR: replication slot "shop_slot" is active for PID 4711'),
    'in use by process 4711',
    `${shop} 'select pg_terminate_backend(4711)' && ${restartSource}`,
  ],
  [
    'slots-used-up',
    'source',
    psql('ERROR: all replication slots are in use'),
    'no free replication slot',
    `${shop} 'select slot_name, active, wal_status from pg_replication_slots'`,
  ],
  [
    'publication-gone',
    'source',
    'org.apache.kafka.connect.errors.ConnectException: Publication autocreation is disabled, please create one and restart the connector.',
    'the publication shop_pub does not exist',
    anew,
  ],
  [
    'publication-gone',
    'source',
    psql('ERROR: publication "shop_pub" does not exist'),
    'or did not when the changes were made',
    anew,
  ],
  [
    'permission-denied',
    'source',
    psql('ERROR: permission denied for table Orders'),
    'reader has no right to read the table Orders',
    `${shop} 'grant select on "Orders" to reader' && ${restartSource}`,
  ],
  [
    'permission-denied',
    'sink',
    psql('ERROR: permission denied for table Orders'),
    'writer has no right to write the table Orders',
    `${lake} 'grant select, insert, update, delete on landing."Orders" to writer' && ${restartSink}`,
  ],
  [
    'permission-denied',
    'sink',
    psql('ERROR: permission denied for schema landing'),
    'the schema landing',
    `${lake} 'grant usage on schema landing to writer' && ${restartSink}`,
  ],
  [
    'table-missing',
    'sink',
    'java.sql.SQLException: Could not find table: Orders',
    'the warehouse has no table Orders',
    `${lake} 'create table landing."Orders" (id bigint not null, total numeric(10,2), primary key (id)); grant select, insert, update, delete on landing."Orders" to writer' && ${restartSink}`,
  ],
  [
    'table-missing',
    'sink',
    psql('ERROR: relation "unknown" does not exist'),
    'the warehouse has no table unknown',
    restartSink,
  ],
  [
    'column-missing',
    'sink',
    "java.sql.SQLException: Cannot ALTER table 'Orders' because field 'total' is not optional but has no default value",
    'lacks the column total',
    `npx trib follow --once && ${restartSink}`,
  ],
  [
    'column-missing',
    'sink',
    psql('ERROR: column "total" of relation "Orders" does not exist'),
    'lacks the column total',
    `npx trib follow --once && ${restartSink}`,
  ],
  [
    'column-missing',
    'sink',
    'java.sql.SQLException: Cannot alter table "lake"."landing"."Orders" because schema evolution is disabled',
    'the table Orders in the warehouse lacks a column',
    `npx trib follow --once && ${restartSink}`,
  ],
  [
    'long-value-missing',
    'sink',
    `java.sql.BatchUpdateException: Batch entry 0 INSERT INTO "landing"."Orders" ("id","total") VALUES (('1'::int8),('__debezium_unavailable_value')) ON CONFLICT ("id") DO NOTHING was aborted: ERROR: invalid byte sequence for encoding "UTF8": 0x00`,
    'an update of sales.Orders left a long value untouched',
    `${shop} 'alter table sales."Orders" replica identity full' && npx trib patch offsets lake --to-latest --topic shop.sales.Orders --yes && npx trib verify --repair --yes --table sales.Orders`,
  ],
  [
    'not-null',
    'sink',
    psql('ERROR: null value in column "x2" of relation "Orders" violates not-null constraint'),
    'the column x2 of Orders in the warehouse must not be null',
    `${lake} 'alter table landing."Orders" alter column x2 drop not null' && ${restartSink}`,
  ],
  [
    'type-mismatch',
    'sink',
    `java.sql.BatchUpdateException: Batch entry 0 INSERT INTO "landing"."Orders" ("id","total") VALUES (1)\nCaused by: ${psql('ERROR: column "total" is of type integer but expression is of type character varying\n  Hint: You will need to rewrite')}`,
    'the column total in the warehouse is integer, and its records are character varying',
    `${lake} 'alter table landing."Orders" alter column total type numeric(10,2) using total::numeric(10,2)' && ${restartSink}`,
  ],
  [
    'value-guarded',
    'sink',
    psql(
      `Batch entry 0 INSERT INTO "public"."t" ("id","v") VALUES (('1'::int4),('a')),(('2'::int4),('NaN')) ON CONFLICT ("id") DO UPDATE SET "v"=EXCLUDED."v" was aborted: ERROR: new row for relation "t" violates check constraint "t_v_check"\n  Detail: Failing row contains (2, NaN).\n`,
    ),
    'public.t, v, id 2: the constraint t_v_check of t in the warehouse refuses what a value turned into',
    'npx trib doctor shop --deep',
  ],
  [
    'value-not-read',
    'sink',
    psql(
      `Batch entry 0 INSERT INTO "public"."t" ("id","na""me","v") VALUES (('1'::int4),('it''s (a), b'),('1')),(('2'::int4),('x'),('POSITIVE_INFINITY')) ON CONFLICT ("id","na""me") DO UPDATE SET "v"=EXCLUDED."v" was aborted: ERROR: invalid input syntax for type numeric: "POSITIVE_INFINITY"\n  Where: unnamed portal parameter $6 = '...'`,
    ),
    `public.t, v, id 2, na"me x: the warehouse cannot read 'POSITIVE_INFINITY' as numeric`,
    'npx trib doctor shop --deep',
  ],
  [
    'end-of-day',
    'sink',
    `Failed to flush records for table 't'\nCaused by: java.time.DateTimeException: Invalid value for NanoOfDay (valid values 0 - 86399999999999): 86400000000000`,
    'a time in t is 24:00, which the sink does not know',
    'npx trib doctor shop --deep',
  ],
  [
    'value-not-converted',
    'source',
    `io.debezium.DebeziumException: Failed to properly convert data value for 'public.t.v' of type _mood`,
    'Debezium cannot read a value of v in public.t, which is _mood',
    'npx trib doctor shop --deep',
  ],
  [
    'interval-too-long',
    'source',
    java('Snapshotting of table public.t failed', psql('Conversion of interval failed')),
    'Debezium cannot read an interval in public.t: it has more hours than 32 bits hold',
    'npx trib doctor shop --deep',
  ],
  [
    'value-does-not-fit',
    'sink',
    psql('ERROR: value too long for type character varying(10)'),
    'which is character varying(10)',
    'npx trib skip lake',
  ],
  [
    'unique-violation',
    'sink',
    psql('ERROR: duplicate key value violates unique constraint "orders_no"'),
    'the unique constraint orders_no',
    `${lake} "select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint where conname = 'orders_no'"`,
  ],
  [
    'starting-up',
    'sink',
    psql('FATAL: the database system is starting up'),
    'the warehouse was starting up when lake needed it',
    restartSink,
  ],
  [
    'session-ended',
    'sink',
    psql('FATAL: terminating connection due to administrator command'),
    'the warehouse ended the session of lake (administrator command)',
    restartSink,
  ],
  [
    'connection-refused',
    'sink',
    psql('Connection to lake:5432 refused. Check that the hostname and port are correct'),
    'the warehouse at lake:5432 does not answer the worker',
    restartSink,
  ],
  [
    'connection-refused',
    'source',
    'java.net.UnknownHostException: nowhere',
    'a host that the worker does not know (nowhere)',
    restartSource,
  ],
  [
    'sink-superseded',
    'sink',
    psql('ERROR: another session of the sink writes the landing tables'),
    'another session of lake was at work in the warehouse',
    restartSink,
  ],
  [
    'sink-superseded',
    'sink',
    psql('ERROR: a later task of lake has written the landing tables since'),
    'a later task of lake has written since',
    restartSink,
  ],
  [
    'too-many-connections',
    'sink',
    psql('FATAL: sorry, too many clients already'),
    'no free connection',
    restartSink,
  ],
  [
    'record-too-large',
    'source',
    'org.apache.kafka.common.errors.RecordTooLargeException: The message is 20971600 bytes when serialized which is larger than 16777216, which is the value of the max.request.size configuration.',
    'a record of 20971600 bytes is larger than its producer may send (16777216)',
    'npx trib patch connector shop --set producer.override.max.request.size=33554432',
  ],
  [
    'unknown-topic',
    'source',
    'org.apache.kafka.common.errors.TimeoutException: Topic shop.sales.Orders not present in metadata after 60000 ms.',
    'does not exist: shop.sales.Orders',
    'npx trib get topics shop',
  ],
  [
    'out-of-memory',
    'sink',
    'java.lang.OutOfMemoryError: Java heap space',
    'ran out of memory while lake ran (Java heap space)',
    `${restartSink} --tasks all`,
  ],
  [
    'class-missing',
    'sink',
    'org.apache.kafka.connect.errors.ConnectException: Failed to find any class that implements Connector and which name matches com.example.Sink, available connectors are: …',
    'no worker has the plugin com.example.Sink',
    'npx trib get plugins',
  ],
  [
    'header-unreadable',
    'sink',
    'org.apache.kafka.connect.errors.DataException: No schema defined for value of map field: "__debezium.newkey"',
    'cannot read the header __debezium.newkey, which comes with a row whose key changed',
    'npx trib patch connector lake --set header.converter=org.apache.kafka.connect.converters.ByteArrayConverter --wait',
  ],
  [
    'bad-record',
    'sink',
    'org.apache.kafka.connect.errors.DataException: Converting byte[] to Kafka Connect data failed due to serialization error',
    'cannot be read',
    'npx trib skip lake',
  ],
  [
    'signal-or-heartbeat-missing',
    'source',
    psql('ERROR: relation "ops.signal" does not exist'),
    'has no table ops.signal',
    restartSource,
  ],
  [
    'task-failed',
    'source',
    'java.lang.IllegalStateException: never seen before',
    'java.lang.IllegalStateException: never seen before',
    restartSource,
  ],
]

/** As it was when all fitted. */
const knownOrders = (...columns: readonly (readonly [number, string, string])[]) => ({
  ...{ source: 'shop', oid: 'sales.Orders', fileNode: '1' },
  ...{ table: { schema: 'sales', table: 'Orders' }, landing: { schema: 'landing', table: 'Orders' } },
  columns: columns.map(([number, name, type]) => ({ number, name, type, landing: number, isGone: false })),
})

describe('a sink that is paused', () => {
  it('while a column is of another type than when all fitted is not resumed before that is decided', () => {
    const known = knownOrders([1, 'id', 'bigint'], [2, 'total', 'integer'])
    const paused = { ...sink, state: 'PAUSED' }
    expect(judged({ sink: paused, warehouse: read({ ...warehouse, known: [known] }) })).toMatchObject({
      rule: 'paused',
      cause: 'lake is paused, and sales.Orders.total is of another type than the warehouse was made for',
      command: 'npx trib follow --once && npx trib resume lake',
    })
  })
})

describe('a trace of a failed task', () => {
  it.each(traces)('%s of a %s: %s', (rule, side, trace, cause, command) => {
    const failing = failed(side === 'source' ? source : sink, java(trace))
    const report = judged(side === 'source' ? { source: failing } : { sink: failing })

    expect(hopOf(report, side)).toMatchObject({ state: 'failed', rule, command })
    expect(report).toMatchObject({ state: 'failed', rule })
    expect(report.cause).toContain(cause)
    expect(report.cause).toMatch(/^(shop|lake) is RUNNING, but its task 0 FAILED: /)
    expect(report.cause).not.toContain('\n')
  })

  it('tells a column that was renamed from one that was added, by what was known before', () => {
    const trace = java(
      'java.sql.SQLException: Cannot alter table "lake"."landing"."Orders" because schema evolution is disabled',
    )
    const known = knownOrders([1, 'id', 'bigint'], [2, 'sum', 'numeric(10,2)'])
    const report = judged({ sink: failed(sink, trace), warehouse: read({ ...warehouse, known: [known] }) })
    expect(report.cause).toContain(
      'the source calls a column of Orders total that the warehouse knows as sum',
    )
    expect(report.command).toBe(
      `${lake} 'alter table landing."Orders" rename column sum to total' && ${restartSink}`,
    )
  })

  it('says which slot is gone, and begins anew without dropping what is not there', () => {
    const trace = java(psql('ERROR: replication slot "shop_slot" does not exist'))
    expect(judged({ ...noSlot, source: failed(source, trace) })).toMatchObject({
      command: 'npx trib delete offsets shop --yes && npx trib verify --repair --yes',
    })
  })

  it('of a local stack is mended by what brings that up', () => {
    const trace = java(psql('FATAL: password authentication failed for user "debezium"'))
    expect(judged({ source: failed(source, trace), cluster: { kind: 'local' } }).command).toBe('npx trib up')
  })

  it('names who else has the slot', () => {
    const trace = java(psql('ERROR: replication slot "shop_slot" is active for PID 4711'))
    const twin = { ...source, name: 'shop-again' }
    const report = judged({ connectors: read([failed(source, trace), twin, sink]) })
    expect(report.cause).toContain('in use by shop-again, process 4711')
  })
})

describe('the catalogue', () => {
  it('has a test for every one of its entries', () => {
    const folder = join(root, 'test', 'unit', 'health')
    const tests = readdirSync(folder)
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .join('')
    const isShown = (id: string) => traces.some(([rule]) => rule === id) || tests.includes(`'${id}'`)
    // Only says that the hop of the database says why; shown beside it.
    const known = catalogue.map(({ id }) => id).filter(id => id !== 'publication-unread')

    expect(known.filter(id => !isShown(id))).toEqual([])
  })
})
