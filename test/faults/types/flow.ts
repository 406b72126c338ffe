import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeIdentifier } from 'pg'
import type { Database } from '../../../control/database/connect.ts'
import { createTopics } from '../../../control/kafka/create-topics.ts'
import { topicOf } from '../../../control/pipelines/routing.ts'
import { eventually, root, type TestStack } from '../../support/trib.ts'
import { openAs } from '../tables.ts'

type Config = Record<string, string>

export interface Finding {
  readonly check: string
  readonly object: string
  readonly severity: string
  readonly message: string
  readonly fix: string | null
}

/** Connectors of the test's own beside the shipped ones, made from the shipped files: the same settings. */
export interface Flow extends AsyncDisposable {
  readonly source: Database
  readonly warehouse: Database
  /** Declares a source of tables of `community-db`; its slot and its publication follow from the name. */
  declareSource(name: string, tables: readonly string[], settings?: Config): Promise<void>
  /** Declares a sink of tables that such a source captures. */
  declareSink(name: string, source: string, tables: readonly string[]): Promise<void>
  doctor(names: readonly string[], options?: { readonly isDeep?: boolean }): Promise<readonly Finding[]>
  /** Does what doctor prints until it has nothing more to say of these but warnings. */
  mendAsPrinted(names: readonly string[]): Promise<void>
  /** The SQL of these findings, where it belongs. */
  pasteSql(findings: readonly Finding[]): Promise<void>
  apply(names: readonly string[], ...options: readonly string[]): Promise<void>
  /** What the file of a connector says now. */
  declared(name: string): Config
  typeInWarehouse(table: string, column: string): Promise<string>
}

const shipped = (name: string): Config =>
  JSON.parse(readFileSync(join(root, 'connectors', 'moodle', `${name}.json`), 'utf8'))

/** A beat and signals are the shipped sources' business. */
const withoutOwnTables = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !/^(heartbeat|signal)\./.test(key)))

/** Debezium's own regular expressions: a quote or a space in a name is itself. */
const pattern = (table: string) => `public.${table}`

export async function openFlow(stack: TestStack): Promise<Flow> {
  const source = await openAs(stack, 'community-db', 'postgres')
  const warehouse = await openAs(stack, 'warehouse', 'postgres')
  const statuses = await stack.json<{ service: string; port: number }[]>(['status'])
  const brokers = statuses.filter(one => one.service.startsWith('kafka')).map(one => `127.0.0.1:${one.port}`)
  const folder = join(stack.folder, 'types')
  mkdirSync(folder, { recursive: true })
  const fileOf = (name: string) => join(folder, `${name}.json`)
  const read = (name: string): Config => JSON.parse(readFileSync(fileOf(name), 'utf8'))
  const write = (config: Config) =>
    writeFileSync(fileOf(config['name'] ?? ''), JSON.stringify(config, undefined, 2))
  const topicsOf = (name: string, tables: readonly string[]) =>
    tables.map(table => topicOf(read(name), { schema: 'public', table }))

  const flow: Flow = {
    source,
    warehouse,
    declareSource: async (name, tables, settings = {}) => {
      const own = name.replaceAll('-', '_')
      const names = tables.map(table => `public.${escapeIdentifier(table)}`).join(', ')
      await source.query(`create publication ${own} for table ${names}; grant select on ${names} to debezium`)
      write({
        ...withoutOwnTables(shipped('community-source')),
        ...{ name, 'topic.prefix': name, 'slot.name': own, 'publication.name': own },
        'table.include.list': tables.map(pattern).join(','),
        // What cannot be read now cannot be read in ten seconds either.
        'errors.max.retries': '0',
        ...settings,
      })
      const config = {
        'max.message.bytes': '16777216',
        'min.insync.replicas': '2',
        'retention.ms': '604800000',
      }
      await createTopics(
        brokers,
        topicsOf(name, tables).map(topic => ({ topic, partitions: 1, replicationFactor: 3, config })),
      )
    },
    declareSink: async (name, from, tables) => {
      const config = shipped('warehouse-sink')
      // One sink of a name writes at a time.
      const url = config['connection.url']?.replace(
        'ApplicationName=warehouse-sink',
        `ApplicationName=${name}`,
      )
      write({ ...config, name, 'connection.url': url ?? '', topics: topicsOf(from, tables).join(',') })
    },
    doctor: async (names, { isDeep = false } = {}) => {
      const files = names.flatMap(name => ['-f', fileOf(name)])
      const deep = isDeep ? ['--deep'] : []
      const { stdout, stderr } = await stack.trib(['doctor', ...files, ...deep, '-o', 'json'])
      if (stdout === '') throw new Error(stderr)
      return JSON.parse(stdout)
    },
    pasteSql: async findings => {
      for (const { check, fix } of findings) {
        const database = check.startsWith('warehouse') ? warehouse : source
        for (const statement of fix?.split(';\n') ?? []) await database.query(statement)
      }
    },
    mendAsPrinted: async names => {
      for (let round = 0; round < 10; round += 1) {
        const findings = (await flow.doctor(names, { isDeep: true })).filter(one => one.severity === 'error')
        if (findings.length === 0) return
        const [key] = findings.filter(one => one.check === 'types')
        if (key) {
          // What is printed for a file is a piece of it.
          const [name = ''] = key.object.split(' ')
          write({ ...read(name), ...JSON.parse(`{${key.fix}}`) })
        } else await flow.pasteSql(findings)
      }
      throw new Error(`still: ${JSON.stringify(await flow.doctor(names, { isDeep: true }), undefined, 1)}`)
    },
    apply: async (names, ...options) => {
      const files = names.flatMap(name => ['-f', fileOf(name)])
      const { code, stderr } = await stack.trib(['apply', ...files, '--yes', ...options])
      if (code !== 0) throw new Error(stderr)
    },
    declared: read,
    typeInWarehouse: async (table, column) => {
      const { rows } = await warehouse.query<{ type: string }>(
        `select format_type(atttypid, atttypmod) as type from pg_attribute
         where attrelid = to_regclass($1) and attname = $2`,
        [`public.${escapeIdentifier(table)}`, column],
      )
      return rows[0]?.type ?? 'not there'
    },
    async [Symbol.asyncDispose]() {
      await source[Symbol.asyncDispose]()
      await warehouse[Symbol.asyncDispose]()
    },
  }
  return flow
}

/** Waits until a statement gives a row, and says how the connectors are where it does not. */
export async function untilLanded(stack: TestStack, database: Database, query: string): Promise<void> {
  await eventually(
    `a row of ${query}`,
    async () => ((await database.query(query)).rows.length > 0 ? true : undefined),
    { deadlineMs: 90_000, intervalMs: 200 },
  ).catch(async error => {
    const { stdout } = await stack.trib(['get', 'connectors', '-o', 'json'])
    throw new Error(`${error}\n${stdout}`)
  })
}
