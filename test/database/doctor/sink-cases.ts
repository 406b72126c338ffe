import { all, type FaultCase, inSource, inWarehouse, withKey } from './fault-case.ts'

const sink = 'warehouse-sink'
const users = 'public."CommunityUsers"'

export const sinkCases: readonly FaultCase[] = [
  {
    ...{
      check: 'sink-settings',
      severity: 'warning',
      message: /delete.enabled is false: rows that were deleted stay/,
    },
    fault: 'the sink keeps what was deleted',
    breaks: withKey(sink, 'delete.enabled', undefined),
  },
  {
    ...{
      check: 'sink-settings',
      severity: 'warning',
      message: /header.converter is SimpleHeaderConverter: a row whose key of several columns changes fails/,
    },
    fault: 'the sink guesses what headers mean',
    breaks: withKey(sink, 'header.converter', undefined),
  },
  {
    ...{ check: 'sink-settings', severity: 'warning', message: /lacks stringtype=unspecified/ },
    fault: 'the driver calls every text a varchar',
    breaks: async world => {
      const config = world.configs[sink]
      config['connection.url'] = (config['connection.url'] ?? '').replace('stringtype=unspecified&', '')
    },
  },
  {
    ...{
      check: 'sink-name',
      severity: 'error',
      message: /has the ApplicationName warehouse-sink, as that of warehouse-sink: one of them/,
    },
    fault: 'a sink was copied with its name',
    breaks: async world => {
      Object.assign(world.configs, { 'second-sink': { ...world.configs[sink] } })
    },
  },
  {
    ...{ check: 'sink-name', severity: 'error', message: /has no ApplicationName, as that of a-sink/ },
    fault: 'two sinks have no name',
    breaks: async world => {
      const { [sink]: config } = world.configs
      config['connection.url'] = (config['connection.url'] ?? '').replace(/&ApplicationName=[^&]*/, '')
      Object.assign(world.configs, { 'a-sink': { ...config } })
    },
    also: ['sink-name error'],
  },
  {
    ...{ check: 'sink-task', severity: 'warning', message: /does not say which task asks: one that hung/ },
    fault: 'the sink asks without a name',
    breaks: withKey(sink, 'hibernate.agroal.initialSQL', 'select tributary.one_sink()'),
  },
  {
    ...{ check: 'sink-task', severity: 'warning', message: /^no worker put a value in for \$\{directory:/ },
    fault: 'the workers lack the provider',
    breaks: all(inWarehouse('delete from tributary.sink_tasks'), async world => {
      world.isDeployed = true
    }),
    also: ['slot-in-step warning'],
    mend: all(
      inWarehouse("insert into tributary.sink_tasks values ('warehouse-sink', gen_random_uuid(), 1)"),
      async world => {
        world.isDeployed = false
      },
    ),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /flag is bit\(1\) here and bit\(1\) in the source: the sink writes it as boolean, and fails/,
    },
    fault: 'a column of the warehouse is not what the sink writes',
    breaks: all(
      inSource(`alter table ${users} add column flag bit(1)`),
      inWarehouse(`alter table ${users} add column flag bit(1)`),
    ),
  },
  {
    ...{
      check: 'warehouse-rights',
      severity: 'error',
      message: /the role sink may not update in public.CommunityUsers/,
    },
    fault: "the sink's role may not update",
    breaks: inWarehouse(`revoke update on ${users} from sink`),
  },
  {
    ...{
      check: 'warehouse-rights',
      severity: 'error',
      message: /the role sink may not use the schema tributary/,
    },
    fault: "the sink's role may not use a schema",
    breaks: inWarehouse('revoke usage on schema tributary from sink'),
  },
  {
    ...{ check: 'warehouse-rights', severity: 'warning', message: /only the worker knows which role/ },
    fault: 'the role is named by a variable, and its tables are found all the same',
    breaks: withKey(sink, 'connection.username', '${env:WAREHOUSE_SINK_USER}'),
    mend: withKey(sink, 'connection.username', 'sink'),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /writes to CommunityUsers, which is not in warehouse/,
    },
    fault: 'a landing table is missing',
    breaks: inWarehouse(`drop table ${users} cascade`),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /the column phone of the source is missing here/,
    },
    fault: 'the source has a column more',
    breaks: inSource(`alter table ${users} add column phone text`),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /the column note must not be null, but the source does not have it/,
    },
    fault: 'the warehouse wants a column that nobody sends',
    breaks: inWarehouse(`alter table ${users} add column note text not null`),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /email must not be null here, but may be in the source/,
    },
    fault: 'the source may hold null where the warehouse may not',
    breaks: inSource(`alter table ${users} alter column email drop not null`),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'warning',
      message: /age is smallint here and integer in the source: a larger number fails/,
    },
    fault: 'a column of the warehouse is too narrow',
    breaks: all(
      inSource(`alter table ${users} add column age integer`),
      inWarehouse(`alter table ${users} add column age smallint`),
    ),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /mood is mood here and mood in the source: the sink cannot bind an enum/,
    },
    fault: 'a column of the warehouse is an enum',
    breaks: all(
      inSource(`create type mood as enum ('fine'); alter table ${users} add column mood mood`),
      inWarehouse(`create type mood as enum ('fine'); alter table ${users} add column mood mood`),
    ),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /it has no primary key, the source has \(id\)/,
    },
    fault: 'a landing table has no key',
    breaks: inWarehouse(`alter table ${users} drop constraint "CommunityUsers_pkey"`),
  },
  {
    ...{
      check: 'warehouse-shape',
      severity: 'error',
      message: /its primary key is \(id, email\), that of the source \(id\)/,
    },
    fault: 'a landing table has another key',
    breaks: inWarehouse(
      `alter table ${users} drop constraint "CommunityUsers_pkey", add constraint other primary key (id, email)`,
    ),
  },
  {
    ...{
      check: 'warehouse-constraints',
      severity: 'warning',
      message: /the foreign key .* refers to parents/,
    },
    fault: 'a landing table refers to another',
    breaks: inWarehouse(
      `create table public.parents (id bigint primary key); alter table ${users} add foreign key (id) references public.parents`,
    ),
  },
  {
    ...{ check: 'warehouse-constraints', severity: 'warning', message: /one_name is unique beside the key/ },
    fault: 'a landing table has a second unique constraint',
    breaks: inWarehouse(`alter table ${users} add constraint one_name unique (username)`),
  },
  {
    ...{
      check: 'warehouse-constraints',
      severity: 'warning',
      message: /the trigger meddler runs at each row/,
    },
    fault: 'a landing table has a trigger',
    breaks: inWarehouse(
      `create trigger meddler before update on ${users} for each row execute function suppress_redundant_updates_trigger()`,
    ),
  },
  {
    ...{
      check: 'warehouse-constraints',
      severity: 'error',
      message: /shout is generated here, and the source sends it/,
    },
    fault: 'the warehouse generates a column that the source sends',
    breaks: all(
      inSource(`alter table ${users} add column shout text`),
      inWarehouse(`alter table ${users} add column shout text generated always as (upper(username)) stored`),
    ),
  },
]
