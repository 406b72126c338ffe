import { describe, expect, it } from 'vitest'
import type { ConnectorConfig } from '../../../control/connect/connect-api.ts'
import { reconfigure, shipped } from './fixtures.ts'

const postgres = shipped('sites-source')
const sink = shipped('warehouse-sink')
const mysql = {
  'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
  'topic.prefix': 'm',
  'database.hostname': 'a',
  'database.server.id': '1',
  'schema.history.internal.kafka.topic': 'history',
}
const mongodb = {
  'connector.class': 'io.debezium.connector.mongodb.MongoDbConnector',
  'mongodb.connection.string': 'mongodb://a:27017/?replicaSet=rs0',
}
const jdbcSource = {
  'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
  'connection.url': 'jdbc:postgresql://a/db',
}
const warehouse = 'jdbc:postgresql://${env:WAREHOUSE_HOST}:${env:WAREHOUSE_PORT}/warehouse'

type Patch = Readonly<Record<string, string | undefined>>
type Case = readonly [base: ConnectorConfig, patch: Patch, note: string | undefined]

function change(base: ConnectorConfig, patch: Patch) {
  const after = Object.entries({ ...base, ...patch }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  )
  return reconfigure(base, Object.fromEntries(after))
}

function check(risk: string, [base, patch, note]: Case) {
  const planned = change(base, patch)

  expect(planned).toMatchObject({ kind: 'configure', risk })
  if (note === undefined) expect(planned?.notes).toEqual([])
  else expect(planned?.notes).toEqual(expect.arrayContaining([expect.stringContaining(note)]))
}

const label = ([{ 'connector.class': name = '' }, patch]: Case) =>
  `${name.split('.').at(-1)} ${JSON.stringify(patch)}`

const restarts: readonly Case[] = [
  [postgres, { 'poll.interval.ms': '20' }, undefined],
  [postgres, { 'snapshot.mode': 'no_data' }, undefined],
  [postgres, { 'snapshot.mode': 'initial_only' }, 'streams no changes after the snapshot'],
  [postgres, { 'slot.drop.on.stop': 'false', 'max.batch.size': '1' }, undefined],
  [mysql, { 'database.server.id': '2' }, undefined],
  [
    mongodb,
    { 'mongodb.connection.string': 'mongodb://u:p@a:27017/?replicaSet=rs0&readPreference=nearest' },
    undefined,
  ],
  [sink, { 'connection.url': warehouse }, undefined],
  [sink, { 'batch.size': '1' }, undefined],
  [sink, { transforms: 'route,keep', 'transforms.keep.type': 'org.example.Filter' }, undefined],
  [{ ...sink, 'transforms.route.type': 'org.example.Mask' }, { 'transforms.route.regex': 'x' }, undefined],
  [jdbcSource, { 'slot.name': 'x', 'topic.prefix': 'y' }, undefined],
  [sink, { 'slot.name': 'x', 'database.hostname': 'y', 'snapshot.mode': 'always' }, undefined],
]

const resnapshots: readonly Case[] = [
  [
    postgres,
    { 'topic.prefix': 'other' },
    "'other' has none, so every table is read again, into new topics 'other.…'",
  ],
  [mysql, { 'database.server.name': 'other' }, 'every table is read again'],
  [postgres, { 'snapshot.mode': 'always' }, 'reads every table again at each start'],
  [postgres, { 'snapshot.mode': 'when_needed' }, 'where it finds no position that is still good'],
  [{ ...postgres, 'snapshot.mode': 'never' }, { 'snapshot.mode': 'initial' }, "snapshot.mode 'initial'"],
  [{ ...postgres, 'snapshot.mode': 'never' }, { 'snapshot.mode': undefined }, "snapshot.mode 'initial'"],
  [postgres, { 'offsets.storage.topic': 'own' }, "where 'own' has none of this connector"],
  [jdbcSource, { 'offsets.storage.topic': 'own' }, 'begins anew'],
  [sink, { 'consumer.override.group.id': 'g2' }, "the group 'g2' has offsets of its own"],
  [
    { ...sink, 'consumer.override.group.id': 'g' },
    { 'consumer.override.group.id': undefined },
    "the group 'connect-c'",
  ],
]

const loses: readonly Case[] = [
  [
    postgres,
    { 'connector.class': 'io.debezium.connector.mysql.MySqlConnector' },
    'cannot go on from the position',
  ],
  [{ ...postgres, 'snapshot.mode': 'no_data' }, { 'topic.prefix': 'other' }, 'with snapshot.mode=no_data'],
  [postgres, { 'slot.name': 'other' }, "through 'tributary_sites' are lost"],
  [postgres, { 'slot.name': undefined }, "a new slot 'debezium' begins now"],
  [postgres, { 'slot.drop.on.stop': 'true' }, 'dropped whenever the connector stops'],
  [postgres, { 'plugin.name': 'decoderbufs' }, "decoderbufs cannot read 'tributary_sites'"],
  [postgres, { 'database.hostname': 'db2' }, 'belongs to the database that was read so far'],
  [postgres, { 'database.port': '5433' }, 'belongs to the database that was read so far'],
  [postgres, { 'database.dbname': 'other' }, 'belongs to the database that was read so far'],
  [mysql, { 'database.hostname': 'b' }, 'belongs to the database that was read so far'],
  [mysql, { 'schema.history.internal.kafka.topic': 'other' }, 'without the schema history'],
  [mongodb, { 'mongodb.connection.string': 'mongodb://b:27017/?replicaSet=rs0' }, 'belongs to the database'],
  [mongodb, { 'mongodb.connection.string': 'mongodb://a:27017/?replicaSet=rs1' }, 'belongs to the database'],
  [postgres, { 'topic.delimiter': '_' }, 'names the topics'],
  [jdbcSource, { 'connection.url': 'jdbc:postgresql://b/db' }, 'belongs to the database'],
  [sink, { 'connection.url': `${warehouse}2` }, 'leads to another place'],
  [sink, { 'connection.url': `${warehouse}?currentSchema=x` }, 'leads to another place'],
  [
    sink,
    { 'consumer.override.group.id': 'g', 'consumer.override.auto.offset.reset': 'latest' },
    'skips what is in',
  ],
  [sink, { 'collection.name.format': '${source.table}' }, 'collection.name.format names the tables'],
  [sink, { 'collection.naming.strategy': 'org.example.Own' }, 'names the tables'],
  [mysql, { 'schema.history.internal': 'org.example.Own' }, 'without the schema history'],
  [sink, { 'table.name.format': 'x' }, 'table.name.format names the tables'],
  [sink, { 'transforms.route.regex': '(.*)' }, 'transforms.route.regex decides where rows go'],
  [sink, { 'transforms.route.replacement': 'x_$1' }, 'transforms.route.replacement decides where rows go'],
  [sink, { 'transforms.route.type': 'org.example.Mask' }, 'transforms.route.type decides where rows go'],
  [sink, { transforms: '' }, 'transforms decides where rows go'],
  [
    postgres,
    { transforms: 'unwrap,r', 'transforms.r.type': 'io.debezium.transforms.ByLogicalTableRouter' },
    'transforms decides where records go',
  ],
]

const facts: readonly Case[] = [
  [
    postgres,
    { 'table.include.list': 'public.SitesUsers,public.Sites,tributary.heartbeat' },
    "already in public.Sites do not come by themselves: an incremental snapshot brings them; later ones come only if the publication 'tributary_sites' has the table",
  ],
  [
    postgres,
    { 'table.include.list': 'public.SitesUsers' },
    'changes in tributary.heartbeat, tributary.sites_beat_log are no longer read',
  ],
  [postgres, { 'table.include.list': undefined }, 'without table.include.list everything is read'],
  [mysql, { 'table.include.list': 'a.b' }, 'only a.b is read from now on'],
  [
    { ...mysql, 'table.exclude.list': 'a.b,a.c' },
    { 'table.exclude.list': 'a.c' },
    'already in a.b do not come',
  ],
  [mysql, { 'table.exclude.list': 'a.b' }, 'changes in a.b are no longer read'],
  [
    sink,
    { topics: 'sites-db.public.SitesUsers' },
    'records of community-db.public.CommunityUsers, community-db',
  ],
  [sink, { topics: `${sink['topics']},new` }, 'new: read from the beginning'],
  [
    sink,
    { topics: `${sink['topics']},new`, 'consumer.override.auto.offset.reset': 'latest' },
    'new: read from now on',
  ],
  [{ ...sink, 'tasks.max': '4' }, { 'tasks.max': '2' }, 'tasks.max goes down from 4 to 2'],
  [{ ...sink, 'tasks.max': '4' }, { 'tasks.max': undefined }, 'tasks.max goes down from 4 to 1'],
  [postgres, { 'publication.autocreate.mode': undefined }, 'the default publishes all tables'],
  [postgres, { 'publication.autocreate.mode': 'filtered' }, 'Debezium publishes tables by itself'],
  [{ ...sink, 'topics.regex': 'a.*' }, { 'topics.regex': 'b.*' }, 'at the next metadata refresh'],
  [postgres, { 'publication.name': 'p' }, "only tables in the publication 'p'"],
  [postgres, { 'offset.mismatch.strategy': undefined }, "'no_validation' changes may be skipped in silence"],
  [postgres, { 'value.converter.schemas.enable': 'false' }, 'keep their old form'],
]

describe('the risk of a changed config', () => {
  it.each(restarts.map(one => [label(one), one] as const))('restarts tasks: %s', (_, one) => {
    check('restarts-tasks', one)
  })

  it.each(resnapshots.map(one => [label(one), one] as const))('takes new snapshots: %s', (_, one) => {
    check('re-snapshots', one)
  })

  it.each(loses.map(one => [label(one), one] as const))('loses the position: %s', (_, one) => {
    check('loses-position', one)
  })

  it.each(facts.map(one => [label(one), one] as const))('is only told: %s', (_, one) => {
    check('restarts-tasks', one)
  })

  it('is the worst of all keys, with the reasons of each', () => {
    const planned = change(postgres, { 'poll.interval.ms': '1', 'snapshot.mode': 'always', 'slot.name': 'x' })

    expect(planned?.risk).toBe('loses-position')
    expect(planned?.notes).toHaveLength(2)
  })

  it('says one reason once, though several keys have it', () => {
    const planned = change(postgres, {
      'database.hostname': 'x',
      'database.port': '1',
      'database.dbname': 'y',
    })

    expect(planned?.notes.filter(note => note.includes('belongs to the database'))).toHaveLength(1)
  })

  it.each([
    ['database.hostname', '${env:SITES_DB_HOST}', 'db1', true],
    ['database.hostname', 'db1', '${env:SITES_DB_HOST}', true],
    ['database.hostname', '${env:A}', '${file:/b:c}', true],
    ['database.hostname', 'db1', 'db2', false],
    ['database.hostname', '${env:A}.eu', 'db.us', false],
  ])('of %s from %s to %s, where only a reference may be written anew: %s', (key, from, to, isAnew) => {
    const planned = change({ ...postgres, [key]: from }, { [key]: to })

    expect(planned?.risk).toBe('loses-position')
    expect(planned?.notes.some(note => note.includes(`${key} may only be written anew`))).toBe(isAnew)
  })

  it('never shows a URL in a reason', () => {
    const url = 'jdbc:postgresql://u:hunter2@h/db'

    const planned = change(
      { ...sink, 'connection.url': url },
      { 'connection.url': 'jdbc:postgresql://u:hunter3@i/x' },
    )

    expect(planned?.notes.join()).not.toMatch(/hunter/)
  })
})
