import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import type { EngineKind } from '../../control/engines/engine.ts'
import { createTestStack, eventually, type TestStack } from '../support/trib.ts'
import { hasEngine } from './has-engine.ts'

/** Everything that a user could tell the engines apart by, were they not alike. */
async function lookAt(engine: EngineKind) {
  await using stack = createTestStack({
    GENERATOR_SEED: '7',
    GENERATOR_HISTORY: '1000',
    GENERATOR_HISTORY_END: '2026-06-30T12:00:00Z',
    GENERATOR_RATE: '0',
  })
  const up = await stack.trib(['up', '--engine', engine])
  if (up.code !== 0) throw new Error(up.stderr)
  const status = await stack.json<{ service: string; port: number; state: string }[]>(['status'])
  const port = (service: string) => status.find(one => one.service === service)?.port ?? 0
  return {
    // Each stack has a block of a hundred ports; the place in it is the service's.
    services: status.map(one => ({
      ...one,
      port: one.port % 100,
      engine: undefined,
      url: undefined,
      detail: undefined,
    })),
    topics: await topicsOf(port('kafka-1')),
    connectors: await connectorsOf(port('connect')),
    databases: {
      'community-db': await databaseOf(stack, 'community-db'),
      'sites-db': await databaseOf(stack, 'sites-db'),
      warehouse: await databaseOf(stack, 'warehouse'),
    },
    answers: {
      registrations: await stack.sql('warehouse', 'select * from weekly_registrations order by week'),
      admins: await stack.sql('warehouse', 'select * from admin_overlap order by week'),
      rows: await stack.sql(
        'warehouse',
        'select md5(string_agg(t::text, $$,$$ order by id)) from "CommunityUsers" t',
      ),
    },
  }
}

async function topicsOf(port: number) {
  const admin = new Kafka({
    clientId: 'test',
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
  }).admin()
  await admin.connect()
  try {
    const { topics } = await admin.fetchTopicMetadata()
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map(({ name }) => ({ type: ConfigResourceTypes.TOPIC, name })),
    })
    return topics
      .map(({ name, partitions }) => ({
        name,
        partitions: partitions.length,
        replicas: partitions.map(({ replicas }) => replicas.length),
        config: resources
          .find(({ resourceName }) => resourceName === name)
          ?.configEntries.map(({ configName, configValue }) => `${configName}=${configValue}`)
          .sort(),
      }))
      .sort((a, b) => a.name.localeCompare(b.name))
  } finally {
    await admin.disconnect()
  }
}

async function connectorsOf(port: number) {
  const answer = await fetch(`http://127.0.0.1:${port}/connectors?expand=info&expand=status`)
  const connectors = Object.values((await answer.json()) as Record<string, Connector>)
  return connectors
    .map(({ info, status }) => ({ config: info.config, tasks: status.tasks.map(({ state }) => state) }))
    .sort((a, b) => String(a.config['name']).localeCompare(String(b.config['name'])))
}

interface Connector {
  readonly info: { readonly config: Readonly<Record<string, string>> }
  readonly status: { readonly tasks: readonly { readonly state: string }[] }
}

async function databaseOf(stack: TestStack, service: string) {
  const ask = (query: string) => stack.sql(service, query)
  return {
    roles: await ask(
      `select rolname, rolsuper, rolcanlogin, rolreplication, rolcreatedb, rolcreaterole, rolbypassrls, rolconfig
       from pg_roles where rolname !~ '^pg_' order by rolname`,
    ),
    grants: await ask(
      `select grantee, table_schema, table_name, string_agg(privilege_type, ' ' order by privilege_type) as privileges
       from information_schema.role_table_grants
       where table_schema in ('public', 'tributary') group by 1, 2, 3 order by 1, 2, 3`,
    ),
    columns: await ask(
      `select table_schema, table_name, column_name, data_type, is_nullable, column_default, is_identity
       from information_schema.columns where table_schema in ('public', 'tributary') order by 1, 2, ordinal_position`,
    ),
    publications: await ask(
      'select pubname, schemaname, tablename from pg_publication_tables order by 1, 2, 3',
    ),
    slots: await ask('select slot_name, plugin, slot_type, active from pg_replication_slots order by 1'),
    settings: await ask(
      `select name, setting from pg_settings where name in ('server_version', 'server_encoding', 'wal_level',
       'max_slot_wal_keep_size', 'max_replication_slots', 'max_wal_senders', 'max_wal_size', 'synchronous_commit',
       'password_encryption', 'TimeZone', 'fsync', 'full_page_writes') and name <> 'server_version' order by name`,
    ),
    locale: await ask(
      'select datlocprovider, datcollate, datctype, datlocale from pg_database where datname = current_database()',
    ),
  }
}

describe.skipIf(!hasEngine)('both engines', () => {
  test('bring up the same services, topics, connectors, roles, grants and answers', async () => {
    const docker = await lookAt('docker')
    const native = await lookAt('native')

    expect(native.services).toEqual(docker.services)
    expect(native.topics).toEqual(docker.topics)
    expect(native.connectors).toEqual(docker.connectors)
    expect(native.databases).toEqual(docker.databases)
    expect(native.answers).toEqual(docker.answers)
    expect(docker.answers.registrations.length).toBeGreaterThan(52)
  })

  test('keep out of each other: ending a stack on Docker leaves a native one as it is', async () => {
    await using native = createTestStack({ GENERATOR_HISTORY: '100' })
    expect((await native.trib(['up', '--engine', 'native'])).code).toBe(0)
    const before = await native.json(['status'])
    {
      await using docker = createTestStack({ GENERATOR_HISTORY: '100' })
      const up = await docker.trib(['up', '--engine', 'docker'])
      expect(up.code, up.stderr).toBe(0)
    }

    expect(await native.json(['status'])).toEqual(before)
    const again = await eventually('native up', async () => native.trib(['up']))
    expect(again.stderr).toContain('nothing changed')
  })
})
