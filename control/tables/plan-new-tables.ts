import type { Connector } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { named } from '../output/shell-words.ts'
import { capturedTables, namedTables } from '../pipelines/captured-tables.ts'
import type { Pipeline, TableName, TargetName } from '../pipelines/pipeline.ts'
import { readPipelines } from '../pipelines/read-pipelines.ts'
import { readsTopic, targetOf, topicOf } from '../pipelines/routing.ts'
import { splitList } from '../plan/effective-config.ts'
import { nameOf } from './choose-tables.ts'

type Patch = Readonly<Record<string, string>>

/** The way that one table's rows take. */
export interface TableWay {
  readonly table: TableName
  readonly topic: string
  /** undefined: only the record itself tells. */
  readonly target: TargetName | undefined
}

/** What has to change so that more tables flow. */
export interface NewTablesPlan {
  readonly ways: readonly TableWay[]
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
  const { sink, model } = findWay(connectors, { source, tables })
  const list = source.config['table.include.list'] ?? ''
  const captured = new Set<TableName>(capturedTables(source.config, tables))
  const unlisted = tables.filter(table => !captured.has(table) && !isNamed(source, table))
  if (unlisted.length > 0 && list === '') {
    throw new TribError(
      'CONFIG_INVALID',
      `${source.name} leaves ${unlisted.map(nameOf).join(', ')} out by other keys than table.include.list`,
      { hint: `npx trib describe ${named(source.name)}` },
    )
  }
  const ways = tables.map(table => {
    const topic = topicOf(source.config, table)
    return { table, topic, target: targetOf(sink.config, topic, table) }
  })
  const unread = ways.map(({ topic }) => topic).filter(topic => !readsTopic(sink.config, topic))
  return {
    ...{ ways, model, source, sink },
    sourcePatch: patchOf('table.include.list', list, unlisted.map(patternOf)),
    sinkPatch: patchOf('topics', sink.config['topics'] ?? '', unread),
  }
}

function findWay(connectors: readonly Connector[], { source, tables }: Wanted) {
  const pipeline = readPipelines({ connectors }).find(one => one.source?.name === source.name && one.sink)
  const model = pipeline?.tables.find(one => one.target)?.topic
  if (pipeline?.sink && model !== undefined) return { sink: pipeline.sink, model }
  throw new TribError(
    'CONFIG_INVALID',
    `no sink reads a table of ${source.name} yet, so that nobody can say where ${tables.map(nameOf).join(', ')} is to go`,
    { hint: 'npx trib get pipelines' },
  )
}

interface FlowingOptions {
  readonly source: Connector
  readonly table: TableName
  /** `schema.table` of the source's publication. */
  readonly published: ReadonlySet<string>
}

/** Pure: whether a table's rows are on their way already: captured, published, and a sink reads its topic. */
export function isFlowing(
  connectors: readonly Connector[],
  { source, table, published }: FlowingOptions,
): boolean {
  const topic = topicOf(source.config, table)
  return (
    published.has(nameOf(table)) &&
    capturedTables(source.config, [table]).length > 0 &&
    connectors.some(({ type, config }) => type === 'sink' && readsTopic(config, topic))
  )
}

interface Obstacles {
  /** With the tables that patterns capture. */
  readonly pipelines: readonly Pipeline[]
  readonly plan: NewTablesPlan
}

/** Pure: why a table cannot take the way, whatever the databases say; undefined: it can. */
export function obstacleOf(way: TableWay, { pipelines, plan }: Obstacles): string | undefined {
  const name = nameOf(way.table)
  if (name.includes(','))
    return `${name} has a comma in its name, at which the lists of the connectors are split`
  const taken = pipelines
    .filter(one => one.sink?.name === plan.sink.name)
    .flatMap(({ tables }) => tables)
    .filter(one => !one.source || nameOf(one.source) !== name)
  const sameTopic = taken.find(one => one.topic === way.topic)
  if (sameTopic)
    return `${name} would be written to ${way.topic}, which ${said(sameTopic.source)} is written to already`
  const others = [...taken, ...plan.ways.filter(one => one !== way).map(toTaken)]
  const sameTarget = others.find(
    one => way.target !== undefined && one.target !== undefined && isSame(one.target, way.target),
  )
  if (!sameTarget) return undefined
  return `${name} would land in ${way.target?.table}, where ${said(sameTarget.source)} lands: each would overwrite the other's rows`
}

const toTaken = ({ table, topic, target }: TableWay) => ({ source: table, topic, target })
const said = (source: TableName | undefined) => (source ? nameOf(source) : 'another table')
const isSame = (one: TargetName, other: TargetName) =>
  one.schema === other.schema && one.table === other.table

const isNamed = ({ config }: Connector, { schema, table }: TableName) =>
  namedTables(config).some(one => one.schema === schema && one.table === table)

const patchOf = (key: string, list: string, items: readonly string[]): Patch =>
  items.length === 0 ? {} : { [key]: [...splitList(list), ...items].join(',') }

/** The list holds patterns; the dot between schema and table fits itself, and reads better without a backslash. */
const patternOf = ({ schema, table }: TableName) => `${escapePattern(schema)}.${escapePattern(table)}`

const escapePattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
