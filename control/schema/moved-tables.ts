import { inTurn, sqlCommand, sqlName } from '../health/commands-to-paste.ts'
import type { SqlPlace } from '../health/snapshot.ts'
import { named, shellWord } from '../output/shell-words.ts'
import type { FollowEvent } from './follow-event.ts'
import type { KnownTable } from './known-tables.ts'
import type { TableId } from './table-shapes.ts'

interface MovedOptions {
  /** Of one source. */
  readonly known: readonly KnownTable[]
  readonly tables: readonly TableId[]
  readonly followed: ReadonlySet<string>
  readonly place: SqlPlace
}

/** Pure: tables that were followed and are now called otherwise, were made anew, or are gone. */
export function findMoved({ known, tables, followed, place }: MovedOptions): readonly FollowEvent[] {
  return known.flatMap((one): readonly FollowEvent[] => {
    const { schema, table } = one.table
    const object = `${schema}.${table}`
    const now = tables.find(({ oid }) => oid === one.oid)
    if (now && followed.has(now.oid)) return []
    if (now && now.schema === schema && now.table === table) {
      const sentence = 'no connectors carry it any more: its rows in the warehouse stay as they are now'
      return [
        { level: 'warn', object, sentence, command: `npx trib add table ${named([place.name, object])}` },
      ]
    }
    const repair = `npx trib verify --repair --table ${shellWord(table)}`
    if (now) {
      const back = [
        ...(now.schema === schema
          ? []
          : [`alter table ${sqlName(now.schema, now.table)} set schema ${sqlName(schema)}`]),
        ...(now.table === table
          ? []
          : [`alter table ${sqlName(schema, now.table)} rename to ${sqlName(table)}`]),
      ]
      return [
        {
          level: 'error',
          object,
          sentence: `it is called ${now.schema}.${now.table} now, and under that name its changes are not captured; to go on under the new name, in a landing table of its own: npx trib add table ${named([place.name, `${now.schema}.${now.table}`])}; to go back, with what changed meanwhile`,
          command: inTurn(...back.map(sql => sqlCommand(place, sql)), repair),
        },
      ]
    }
    const isAnew = tables.some(other => other.schema === schema && other.table === table)
    return [
      isAnew
        ? {
            level: 'error',
            object,
            sentence:
              'it was dropped and made anew: its place in the publication, its replica identity and its trigger went with it',
            command: inTurn('npx trib doctor --fix', repair),
          }
        : { level: 'warn', object, sentence: 'it was dropped in the source; its rows stay in the warehouse' },
    ]
  })
}
