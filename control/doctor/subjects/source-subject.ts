import { escapeIdentifier } from 'pg'
import type { ConnectorConfig, ConnectorOffset } from '../../connect/connect-api.ts'
import type { Database } from '../../database/connect.ts'
import { capturedTables } from '../../pipelines/captured-tables.ts'
import { readsTopic, topicOf, wholly } from '../../pipelines/routing.ts'
import { splitList } from '../../plan/effective-config.ts'
import type { Examined } from './examined.ts'
import { isPostgresSink, literal } from './examined.ts'
import type { Column, TableFacts } from './table-facts.ts'

/** A Debezium Postgres source, and its database. */
export interface SourceSubject {
  readonly connector: Examined
  /** Every connector, deployed or declared, this one among them. */
  readonly all: readonly Examined[]
  readonly database: Database
  /** As the context calls it. */
  readonly databaseName: string
  /** The role that the connector logs in as; undefined: only the worker knows. */
  readonly role: string | undefined
  readonly slot: string
  readonly publication: string
  readonly plugin: string
  /** Every table of the database. */
  readonly tables: readonly TableFacts[]
  readonly captured: readonly TableFacts[]
  /** Those of which a JDBC sink of Debezium reads the topic. */
  readonly heard: ReadonlySet<TableFacts>
  /** Reads values, too: may take long. */
  readonly isDeep: boolean
  /** A transaction that is open for longer pins the slot. */
  readonly patienceSeconds: number
  /** What the connector stored; empty for one that is not deployed. */
  offsets(): Promise<readonly ConnectorOffset[]>
}

interface OpenSourceOptions
  extends Pick<
    SourceSubject,
    'connector' | 'all' | 'database' | 'databaseName' | 'tables' | 'isDeep' | 'patienceSeconds' | 'offsets'
  > {}

export function openSourceSubject(options: OpenSourceOptions): SourceSubject {
  const { config } = options.connector
  const { tables } = options
  const captured = capturedOf(config, tables)
  return {
    ...options,
    role: literal(config['database.user']),
    slot: config['slot.name'] ?? 'debezium',
    publication: config['publication.name'] ?? 'dbz_publication',
    plugin: config['plugin.name'] ?? 'decoderbufs',
    captured,
    heard: new Set(
      captured.filter(table =>
        options.all.some(sink => isPostgresSink(sink) && readsTopic(sink.config, topicOf(config, table))),
      ),
    ),
  }
}

export const qualified = ({ schema, table }: { readonly schema: string; readonly table: string }) =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`

/** `community-source public.orders` */
export const objectOf = (
  { connector }: { readonly connector: Examined },
  { schema, table }: { readonly schema: string; readonly table: string },
) => `${connector.name} ${schema}.${table}`

/** A table that a key of the config names, such as `tributary.signal`. */
export function findTable(tables: readonly TableFacts[], name: string): TableFacts | undefined {
  const parts = name.split('.').slice(-2)
  const [schema, table] = parts.length === 2 ? parts : ['public', parts[0]]
  return tables.find(one => one.schema === schema && one.table === table)
}

export function capturedOf(config: ConnectorConfig, tables: readonly TableFacts[]): readonly TableFacts[] {
  const captured = new Set<unknown>(capturedTables(config, tables))
  return tables.filter(table => captured.has(table))
}

/** Columns that a source sends; those of the key always. */
export function capturedColumns(config: ConnectorConfig, table: TableFacts): readonly Column[] {
  const fits = (key: string, name: string) =>
    splitList(config[key] ?? '').some(pattern =>
      wholly(pattern, 'i').test(`${table.schema}.${table.table}.${name}`),
    )
  const isLimited = config['column.include.list'] !== undefined
  return table.columns.filter(
    ({ name }) =>
      table.key.includes(name) ||
      (isLimited ? fits('column.include.list', name) : !fits('column.exclude.list', name)),
  )
}
