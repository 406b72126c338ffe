import { all, captures, type FaultCase, inSource, inWarehouse, withKey } from './fault-case.ts'
import type { DoctorWorld } from './world.ts'

const source = 'community-source'
const users = 'public."CommunityUsers"'

const partitioned = `
  create table public.events (id bigint, day date, primary key (id, day)) partition by range (day);
  create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01')`

export const roleCases: readonly FaultCase[] = [
  {
    ...{ check: 'role-replication', severity: 'error', message: /the role debezium lacks REPLICATION/ },
    fault: 'the role may not replicate',
    breaks: inSource('alter role debezium noreplication'),
  },
  {
    ...{ check: 'role-replication', severity: 'error', message: /lacks LOGIN/ },
    fault: 'the role may not log in',
    breaks: inSource('alter role debezium nologin'),
  },
  {
    ...{ check: 'role-select', severity: 'error', message: /may not read public.CommunityUsers/ },
    fault: 'the role may not read a captured table',
    breaks: inSource(`revoke select on ${users} from debezium`),
  },
]

export const publicationCases: readonly FaultCase[] = [
  {
    ...{
      check: 'decoding-plugin',
      severity: 'warning',
      message: /plugin.name is decoderbufs, Debezium's default/,
    },
    fault: 'the plugin is not named',
    breaks: withKey(source, 'plugin.name', undefined),
  },
  {
    ...{
      check: 'publication-exists',
      severity: 'error',
      message: /there is no publication 'tributary_community'/,
    },
    fault: 'the publication is gone',
    breaks: inSource('drop publication tributary_community'),
  },
  {
    ...{ check: 'publication-autocreate', severity: 'warning', message: /is all_tables/ },
    fault: 'Debezium may make the publication',
    breaks: withKey(source, 'publication.autocreate.mode', undefined),
  },
  {
    ...{
      check: 'publication-autocreate',
      severity: 'error',
      message: /UPDATE and DELETE fail .*: public.keyless/,
    },
    fault: 'Debezium would publish a table without a key',
    breaks: all(
      inSource('drop publication tributary_community; create table public.keyless (a int)'),
      withKey(source, 'publication.autocreate.mode', 'all_tables'),
    ),
  },
  {
    ...{ check: 'publication-tables', severity: 'error', message: /does not have public.CommunityUsers/ },
    fault: 'the publication misses a captured table',
    breaks: inSource(`alter publication tributary_community drop table ${users}`),
  },
  {
    ...{
      check: 'publication-tables',
      severity: 'warning',
      message: /has public.stranger, which community-source does not capture/,
    },
    fault: 'the publication has a table that nobody captures',
    breaks: inSource(
      'create table public.stranger (id bigint primary key); alter publication tributary_community add table public.stranger',
    ),
  },
  {
    ...{ check: 'publication-tables', severity: 'error', message: /leaves out every update and delete/ },
    fault: 'the publication has inserts only',
    breaks: inSource(`alter publication tributary_community set (publish = 'insert')`),
  },
  {
    ...{ check: 'publication-tables', severity: 'error', message: /under the names of its partitions/ },
    fault: 'a partitioned table is published by its partitions',
    breaks: all(inSource(partitioned), captures('events')),
  },
  {
    ...{
      check: 'publication-tables',
      severity: 'error',
      message: /under the name of public.events, which is not captured/,
    },
    fault: 'a partition is captured, but published by its root',
    breaks: all(
      inSource(
        `${partitioned}; alter publication tributary_community set (publish_via_partition_root = true)`,
      ),
      captures('events_2026'),
      inSource('alter publication tributary_community add table public.events'),
      inSource('alter publication tributary_community drop table public.events_2026'),
    ),
  },
]

export const tableCases: readonly FaultCase[] = [
  {
    ...{ check: 'table-exists', severity: 'warning', message: /names public.nowhere/ },
    fault: 'the include list names a table that is not there',
    breaks: async world => {
      const config = world.configs[source]
      config['table.include.list'] = `${config['table.include.list']},public.nowhere`
    },
  },
  {
    ...{ check: 'primary-key', severity: 'error', message: /public.notes has no primary key: the sink/ },
    fault: 'a table that a sink reads has no key',
    breaks: all(
      inSource(
        'create table public.notes (id bigint not null unique, n int); alter table public.notes replica identity full',
      ),
      captures('notes', { landing: 'create table public.notes (id bigint primary key, n int)' }),
    ),
  },
  {
    ...{ check: 'primary-key', severity: 'warning', message: /its records have none either/ },
    fault: 'a table that no sink reads has no key',
    breaks: all(
      inSource(
        'create table public.notes (id bigint not null unique, n int); alter table public.notes replica identity full',
      ),
      captures('notes'),
    ),
  },
  {
    ...{
      check: 'replica-identity',
      severity: 'error',
      message: /it has no key, so UPDATE and DELETE of public.notes fail/,
    },
    fault: 'a published table has nothing that tells its rows',
    also: ['primary-key warning'],
    breaks: all(inSource('create table public.notes (id bigint not null unique, n int)'), captures('notes')),
  },
  {
    ...{
      check: 'replica-identity',
      severity: 'warning',
      message: /a long value of body untouched .* none is that long now/,
    },
    fault: 'long texts could be overwritten',
    breaks: all(inSource('create table public.notes (id bigint primary key, body text)'), captures('notes')),
  },
  {
    ...{
      check: 'replica-identity',
      severity: 'error',
      message: /a long value of body untouched .* none is that long now/,
    },
    fault: 'long texts of a table that a sink reads could be overwritten',
    breaks: all(
      inSource('create table public.notes (id bigint primary key, body text)'),
      captures('notes', { landing: 'create table public.notes (id bigint primary key, body text)' }),
    ),
  },
  {
    ...{
      check: 'truncate',
      severity: 'warning',
      message: /a TRUNCATE of public.CommunityUsers is not carried, and its rows stay/,
    },
    fault: 'a TRUNCATE would not arrive',
    breaks: inSource(`drop trigger tributary_delete_before_truncate on ${users}`),
  },
  {
    ...{ check: 'truncate', severity: 'warning', message: /a TRUNCATE of public.CommunityUsers/ },
    fault: 'a TRUNCATE would not arrive, as the function is gone',
    breaks: inSource('drop function tributary.delete_before_truncate() cascade'),
  },
  {
    ...{ check: 'truncate', severity: 'warning', message: /a TRUNCATE of public.events_2026 is not carried/ },
    fault: 'a TRUNCATE of a partition alone would not arrive',
    breaks: all(
      inSource(
        `${partitioned}; alter publication tributary_community set (publish_via_partition_root = true)`,
      ),
      captures('events', {
        landing: 'create table public.events (id bigint, day date, primary key (id, day))',
      }),
    ),
  },
  {
    ...{
      check: 'replica-identity',
      severity: 'error',
      message: /placeholder.*\d+ bytes of it are kept apart now/,
    },
    fault: 'long texts will be overwritten',
    breaks: all(
      inSource(`create table public.notes (id bigint primary key, body text);
        alter table public.notes alter column body set storage external;
        insert into public.notes values (1, repeat('x', 10000))`),
      captures('notes'),
    ),
  },
  {
    ...{ check: 'folded-names', severity: 'error', message: /warehouse-sink does not quote names/ },
    fault: 'two tables differ in case only, and the sink does not quote',
    // Not quoting also misses the tables with capitals.
    also: ['sink-settings warning', 'warehouse-shape error'],
    breaks: all(
      inSource(
        'create table public.orders (id bigint primary key); create table public."Orders" (id bigint primary key)',
      ),
      captures('orders', { landing: 'create table public.orders (id bigint primary key)' }),
      captures('"Orders"', { landing: 'create table public."Orders" (id bigint primary key)' }),
      async world => {
        // Patterns have no case: one entry is for both.
        const config = world.configs[source]
        config['table.include.list'] = (config['table.include.list'] ?? '').replace(/,public\.Orders$/, '')
      },
      withKey('warehouse-sink', 'quote.identifiers', 'false'),
    ),
  },
  {
    ...{
      check: 'folded-names',
      severity: 'error',
      message: /are both written to the topic community-db.public.a_b/,
    },
    fault: 'two tables meet in one topic',
    breaks: all(
      inSource(
        'create table public."a b" (id bigint primary key); create table public.a_b (id bigint primary key)',
      ),
      captures('"a b"'),
      captures('a_b'),
    ),
  },
]

const addColumn = (definition: string) =>
  all(
    inSource(`alter table ${users} add column ${definition}`),
    inWarehouse(`alter table ${users} add column ${definition}`),
  )

const aUser = `insert into ${users} (email, username, registration_timestamp) values ('a@b.example', repeat('u', 500), now())`

export const valueCases: readonly FaultCase[] = [
  {
    ...{
      check: 'types',
      severity: 'error',
      message: /tags is an array of date: the sink cannot bind it and fails; leave the column out/,
    },
    fault: 'a column has a type that the sink cannot write',
    breaks: addColumn('tags date[]'),
  },
  {
    ...{
      check: 'types',
      severity: 'error',
      message: /tags is an array of mood: Debezium cannot read its elements/,
    },
    fault: 'a column is a list of an enum',
    breaks: all(
      inSource("create type mood as enum ('fine')"),
      inWarehouse("create type mood as enum ('fine')"),
      addColumn('tags mood[]'),
    ),
  },
  {
    ...{
      check: 'types',
      severity: 'error',
      message: /total is integer: it is generated, .* leave the column out/,
    },
    fault: 'a column is generated, which a snapshot sends and a change does not',
    breaks: all(
      inSource(`alter table ${users} add column total integer generated always as (1 + 1) stored`),
      inWarehouse(`alter table ${users} add column total integer`),
    ),
  },
  {
    ...{ check: 'types', severity: 'error', message: /a"b has a double quote in its name/ },
    fault: 'the name of a column holds a double quote',
    breaks: addColumn('"a""b" int'),
  },
  {
    ...{ check: 'types', severity: 'error', message: /score is real: NaN and infinities arrive as 0 unless/ },
    fault: 'a column is a float, which JSON cannot hold whole',
    breaks: addColumn('score real'),
  },
  {
    ...{ check: 'types', severity: 'warning', message: /stay is interval: it arrives as microseconds/ },
    fault: 'a column has a type that a setting changes',
    breaks: all(addColumn('stay interval'), withKey(source, 'interval.handling.mode', undefined)),
  },
  {
    ...{
      check: 'types',
      severity: 'warning',
      message: /handling.mode is warn: a value that Debezium cannot read/,
    },
    fault: 'a value that cannot be read becomes NULL',
    breaks: withKey(source, 'event.converting.failure.handling.mode', undefined),
  },
  ...[
    [
      'score',
      'numeric',
      "'Infinity'",
      /1 values of score are infinite \(such as that of id 1\): the warehouse refuses/,
    ],
    ['opens', 'time', "'24:00'", /1 values of opens are 24:00 .*: the sink knows no such time/],
    [
      'seen',
      'timestamp',
      "'infinity'",
      /1 values of seen are infinite .*: infinity arrives as the year 294247/,
    ],
    ['born', 'date', "'infinity'", /1 values of born are infinite/],
    [
      'born',
      'date',
      "'0044-03-15 BC'",
      /1 values of born are before Christ .*: a snapshot sends the same day after/,
    ],
    ['stay', 'interval', "'infinity'", /1 values of stay are infinite .*: they arrive as 0/],
    ['stay', 'interval', "'2562047788:00:54'", /1 values of stay have more hours than 32 bits hold/],
    ['tags', 'text[]', "'{{a,b}}'", /1 values of tags have more than one dimension/],
    ['tags', 'int[]', "'[0:1]={1,2}'", /1 values of tags do not begin at 1/],
  ].map(([column, type, value, message]) => ({
    ...{ check: 'types', severity: 'error' as const, message: message as RegExp },
    fault: `a ${type} cannot be carried: ${value} (--deep)`,
    breaks: all(
      addColumn(`${column} ${type}`),
      inSource(`${aUser}; update ${users} set ${column} = ${value}`),
      async (world: DoctorWorld) => {
        world.isDeep = true
      },
    ),
  })),
  {
    ...{ check: 'types', severity: 'error', message: /1 values of marks hold NaN or infinities/ },
    fault: 'a list of numerics holds NaN (--deep)',
    breaks: all(
      inSource(`alter table ${users} add column marks numeric[]`),
      inWarehouse(`alter table ${users} add column marks text[]`),
      inSource(`${aUser}; update ${users} set marks = '{NaN}'`),
      async world => {
        world.isDeep = true
      },
    ),
  },
  {
    ...{
      check: 'row-size',
      severity: 'error',
      message: /its largest row makes \d+ bytes, and community-source may send 500 at once/,
    },
    fault: 'a row is larger than a message may be (--deep)',
    breaks: all(
      inSource(aUser),
      withKey(source, 'producer.override.max.request.size', '500'),
      async world => {
        world.isDeep = true
      },
    ),
  },
  {
    ...{ check: 'row-size', severity: 'warning', message: /its average row makes 5\d\d bytes/ },
    fault: 'rows are about as large as a message may be',
    breaks: all(
      inSource(`${aUser}; analyze ${users}`),
      withKey(source, 'producer.override.max.request.size', '1500'),
    ),
  },
]

export const ownTableCases: readonly FaultCase[] = [
  {
    ...{ check: 'heartbeat', severity: 'warning', message: /heartbeat.interval.ms is 0/ },
    fault: 'the source does not beat',
    breaks: withKey(source, 'heartbeat.interval.ms', undefined),
  },
  {
    ...{ check: 'heartbeat', severity: 'warning', message: /heartbeat.action.query is not set/ },
    fault: 'the beat writes nothing',
    breaks: withKey(source, 'heartbeat.action.query', undefined),
  },
  {
    ...{
      check: 'heartbeat',
      severity: 'error',
      message: /writes tributary.heartbeat, which is not in community-db/,
    },
    fault: 'the heartbeat table is gone',
    also: ['table-exists warning'],
    breaks: inSource('drop table tributary.heartbeat'),
  },
  {
    ...{ check: 'heartbeat', severity: 'error', message: /the role debezium may not insert/ },
    fault: 'the role may not beat',
    breaks: inSource('revoke insert on tributary.heartbeat from debezium'),
  },
  {
    ...{ check: 'heartbeat', severity: 'warning', message: /tributary.heartbeat is not captured/ },
    fault: 'beats are not captured',
    breaks: withKey(source, 'table.include.list', 'public.CommunityUsers,tributary.community_beat_log'),
  },
  {
    ...{ check: 'signal-table', severity: 'warning', message: /signal.data.collection is not set/ },
    fault: 'no signal table is named',
    also: ['publication-tables warning'],
    breaks: withKey(source, 'signal.data.collection', undefined),
  },
  {
    ...{
      check: 'signal-table',
      severity: 'warning',
      message: /names tributary.signal, which is not in community-db/,
    },
    fault: 'the signal table is gone',
    breaks: inSource('drop table tributary.signal'),
  },
  {
    ...{ check: 'signal-table', severity: 'warning', message: /lacks data/ },
    fault: 'the signal table lacks a column',
    breaks: inSource('alter table tributary.signal drop column data'),
  },
  {
    ...{
      check: 'signal-table',
      severity: 'warning',
      message: /may not insert or delete in tributary.signal/,
    },
    fault: 'the role may not signal',
    breaks: inSource('revoke insert, delete on tributary.signal from debezium'),
  },
  {
    ...{
      check: 'signal-table',
      severity: 'warning',
      message: /does not have tributary.signal: signals are not heard/,
    },
    fault: 'signals are not published',
    breaks: inSource('alter publication tributary_community drop table tributary.signal'),
  },
]
