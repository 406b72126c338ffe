import { escapeIdentifier } from 'pg'
import type { Connector } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { named, shellWord } from '../output/shell-words.ts'
import { capturedTables } from '../pipelines/captured-tables.ts'
import type { TableName, TargetName } from '../pipelines/pipeline.ts'
import { readsTopic, targetOf, topicOf, wholly } from '../pipelines/routing.ts'
import { splitList } from '../plan/effective-config.ts'
import { nameOf } from './choose-tables.ts'

type Patch = Readonly<Record<string, string>>

export interface RemovedTable {
  readonly table: TableName
  readonly topic: string
  readonly target: TargetName | undefined
}

/** What has to change so that tables flow no more. */
export interface RemovalPlan {
  readonly source: Connector
  readonly sink: Connector | undefined
  readonly removed: readonly RemovedTable[]
  readonly sourcePatch: Patch
  /** Empty: it names topics by a pattern. */
  readonly sinkPatch: Patch
}

interface Wanted {
  readonly source: Connector
  readonly tables: readonly TableName[]
  /** Every table of the database. */
  readonly all: readonly TableName[]
}

const key = 'table.include.list'

/** Pure: names are taken out of the lists of the source and of the sink that reads them. */
export function planRemoval(connectors: readonly Connector[], wanted: Wanted): RemovalPlan {
  const { source, tables, all } = wanted
  const list = splitList(source.config[key] ?? '')
  const out = new Set(tables.flatMap(table => patternsOf(table, { list, ...wanted })))
  const rest = list.filter(pattern => !out.has(pattern))
  if (rest.length === 0) {
    throw new TribError('USAGE', `${source.name} would capture nothing any more; nothing was changed`, {
      hint: `npx trib delete ${named(source.name)}`,
    })
  }
  const topics = tables.map(table => topicOf(source.config, table))
  const stillWritten = capturedTables({ ...source.config, [key]: rest.join(',') }, all).map(table =>
    topicOf(source.config, table),
  )
  const sink = connectors.find(
    ({ type, config }) => type === 'sink' && topics.some(one => readsTopic(config, one)),
  )
  const listed = splitList(sink?.config['topics'] ?? '')
  const read = listed.filter(topic => !topics.includes(topic) || stillWritten.includes(topic))
  return {
    ...{ source, sink },
    removed: tables.map((table, index) => {
      const topic = topics[index] ?? ''
      return { table, topic, target: sink && targetOf(sink.config, topic, table) }
    }),
    sourcePatch: { [key]: rest.join(',') },
    sinkPatch: read.length === listed.length ? {} : { topics: read.join(',') },
  }
}

interface Patterns extends Wanted {
  readonly list: readonly string[]
}

/** Those that mean this table; one that means others, too, cannot be taken out for its sake. */
function patternsOf(table: TableName, { list, tables, all, source }: Patterns): readonly string[] {
  const fitting = list.filter(pattern => wholly(pattern, 'i').test(nameOf(table)))
  const going = new Set(tables.map(nameOf))
  for (const pattern of fitting) {
    const other = all.find(one => wholly(pattern, 'i').test(nameOf(one)) && !going.has(nameOf(one)))
    if (!other) continue
    throw new TribError(
      'CONFIG_INVALID',
      `${source.name} captures ${nameOf(table)} by the pattern ${pattern}, as it does ${nameOf(other)}; nothing was changed`,
      {
        hint: `npx trib patch ${named(source.name, `--set ${shellWord(`table.exclude.list=${nameOf(table).replaceAll('.', '\\.')}`)}`)}`,
      },
    )
  }
  if (fitting.length > 0) return fitting
  throw new TribError(
    'CONFIG_INVALID',
    `${source.name} captures ${nameOf(table)} by other keys than ${key}; nothing was changed`,
    { hint: `npx trib describe ${named(source.name)}` },
  )
}

/** What was granted and set for a table's sake, as far as it is there, and how it is brought back. */
export interface SourceState {
  readonly isPublished: boolean
  /** Names of our triggers before a TRUNCATE. */
  readonly triggers: readonly { readonly name: string; readonly definition: string }[]
  /** Roles of the connector and of the console that may read it. */
  readonly readers: readonly string[]
}

interface UndoneSql {
  readonly sql: string
  readonly undo: string
}

/** Pure: replica identity stays: whoever set it may have had a reason of their own. */
export function removalSql(quoted: string, publication: string, state: SourceState): readonly UndoneSql[] {
  const name = escapeIdentifier(publication)
  return [
    ...(state.isPublished
      ? [
          {
            sql: `alter publication ${name} drop table ${quoted}`,
            undo: `alter publication ${name} add table ${quoted}`,
          },
        ]
      : []),
    ...state.triggers.map(one => ({
      sql: `drop trigger ${escapeIdentifier(one.name)} on ${quoted}`,
      undo: `${one.definition}; alter table ${quoted} enable always trigger ${escapeIdentifier(one.name)}`,
    })),
    ...state.readers.map(role => ({
      sql: `revoke select on ${quoted} from ${escapeIdentifier(role)}`,
      undo: `grant select on ${quoted} to ${escapeIdentifier(role)}`,
    })),
  ]
}
