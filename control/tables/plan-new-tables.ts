import type { Connector } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { capturedTables, namedTables } from '../pipelines/captured-tables.ts'
import type { TableName } from '../pipelines/pipeline.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { readsTopic, topicOf } from '../pipelines/routing.ts'
import { splitList } from '../plan/effective-config.ts'

type Patch = Readonly<Record<string, string>>

/** What has to change so that more tables flow. */
export interface NewTablesPlan {
  readonly tables: readonly TableName[]
  readonly topics: readonly string[]
  /** A topic of the same source, of which the new one gets partitions, replicas and settings. */
  readonly model: string
  readonly source: Connector
  readonly sink: Connector
  /** Empty: it reads the table already, by a pattern. */
  readonly sourcePatch: Patch
  readonly sinkPatch: Patch
}

interface Wanted {
  readonly source: Connector
  readonly tables: readonly TableName[]
}

/** Pure: a table of a source whose other tables flow takes the way that they take. */
export function planNewTables(connectors: readonly Connector[], { source, tables }: Wanted): NewTablesPlan {
  const pipeline = readPipelines({ connectors }).find(one => one.source?.name === source.name && one.sink)
  const model = pipeline?.tables.find(one => one.target)?.topic
  if (!pipeline?.sink || model === undefined) {
    throw new TribError(
      'CONFIG_INVALID',
      `no sink reads a table of ${source.name} yet, so that nobody can say where ${tables.map(nameOf).join(', ')} is to go`,
      { hint: 'npx trib get pipelines' },
    )
  }
  const { sink } = pipeline
  const list = source.config['table.include.list'] ?? ''
  const captured = new Set<TableName>(capturedTables(source.config, tables))
  const unlisted = tables.filter(table => !captured.has(table) && !isNamed(source, table))
  if (unlisted.length > 0 && list === '') {
    throw new TribError(
      'CONFIG_INVALID',
      `${source.name} leaves ${unlisted.map(nameOf).join(', ')} out by other keys than table.include.list`,
      { hint: `npx trib describe ${source.name}` },
    )
  }
  const topics = tables.map(table => topicOf(source.config, table))
  const unread = topics.filter(topic => !readsTopic(sink.config, topic))
  return {
    ...{ tables, topics, model, source, sink },
    sourcePatch: patchOf('table.include.list', list, unlisted.map(patternOf)),
    sinkPatch: patchOf('topics', sink.config['topics'] ?? '', unread),
  }
}

const nameOf = ({ schema, table }: TableName) => `${schema}.${table}`

const isNamed = ({ config }: Connector, { schema, table }: TableName) =>
  namedTables(config).some(one => one.schema === schema && one.table === table)

const patchOf = (key: string, list: string, items: readonly string[]): Patch =>
  items.length === 0 ? {} : { [key]: [...splitList(list), ...items].join(',') }

/** The list holds patterns; a dot fits itself, and reads better without a backslash. */
const patternOf = (table: TableName) => nameOf(table).replace(/[\\^$*+?()[\]{}|]/g, '\\$&')
