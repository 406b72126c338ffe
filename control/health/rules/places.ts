import type { PipelineTable } from '../../pipelines/pipeline.ts'
import { sqlName } from '../commands-to-paste.ts'
import { findTable } from '../find-table.ts'
import { findCaptured, type Sight } from '../sight.ts'
import type { CapturedTable, Column, LandedTable, SqlPlace } from '../snapshot.ts'
import { readOf } from '../unread.ts'

export function placeOf({ database, warehouse }: Sight, side: 'source' | 'sink'): SqlPlace | undefined {
  return side === 'source' ? readOf(database)?.place : readOf(warehouse)?.place
}

/** The table in the warehouse that a topic lands in; undefined: there is none, or nobody could look. */
export function landedOf({ warehouse }: Sight, { target }: PipelineTable): LandedTable | undefined {
  const seen = readOf(warehouse)
  return seen && target && findTable(seen.tables, target.table, seen.searchPath, target.schema)
}

export function capturedOf({ database }: Sight, table: PipelineTable): CapturedTable | undefined {
  return findCaptured(readOf(database), table)
}

export interface LandingTable {
  /** As SQL writes it. */
  readonly name: string
  readonly columns: readonly Column[]
}

/** What a table of the warehouse is to hold, as the source has it. */
export function landingColumns(sight: Sight, name: string): LandingTable | undefined {
  const bare = name.slice(name.lastIndexOf('.') + 1)
  const landing = sight.landings.find(({ table }) => table.target?.table === bare)
  const target = landing?.table.target
  if (!landing || !target) return undefined
  const schema = landedOf(sight, landing.table)?.schema ?? target.schema ?? schemaFor(sight, landing.table)
  return {
    name: sqlName(...(schema ? [schema] : []), target.table),
    columns: landing.captured?.columns ?? [],
  }
}

/** Where a table that is missing is looked for first, or where its source has it, if it is looked for there. */
function schemaFor({ warehouse }: Sight, { source }: PipelineTable): string | undefined {
  const searchPath = readOf(warehouse)?.searchPath ?? []
  return searchPath.find(schema => schema === source?.schema) ?? searchPath[0]
}

/** Key and columns as the source has them, and the rights that the sink needs; neither defaults nor constraints. */
export function createTable(sight: Sight, name: string): string | undefined {
  const landing = landingColumns(sight, name)
  if (!landing || landing.columns.length === 0) return undefined
  const keys = landing.columns.filter(({ isKey }) => isKey).map(column => sqlName(column.name))
  const columns = landing.columns.map(
    ({ name: column, type, isNullable }) => `${sqlName(column)} ${type}${isNullable ? '' : ' not null'}`,
  )
  const body = [...columns, ...(keys.length > 0 ? [`primary key (${keys.join(', ')})`] : [])].join(', ')
  const role = sight.sink?.config['connection.username']
  const grant = role ? `; grant select, insert, update, delete on ${landing.name} to ${sqlName(role)}` : ''
  return `create table ${landing.name} (${body})${grant}`
}

/** What was known of a captured table when all about it fitted its landing table. */
function knownOf({ warehouse, source }: Sight, captured: CapturedTable | undefined) {
  return readOf(warehouse)?.known.find(one => one.source === source?.name && one.oid === captured?.oid)
}

/** Columns that the source calls otherwise than when all fitted: a number stays through a rename. */
export function renamedColumns(
  sight: Sight,
  name: string,
): readonly { readonly from: string; readonly to: string }[] {
  const bare = name.slice(name.lastIndexOf('.') + 1)
  const captured = sight.landings.find(({ table }) => table.target?.table === bare)?.captured
  return (knownOf(sight, captured)?.columns ?? []).flatMap(column => {
    const now = captured?.columns.find(({ number }) => number === column.number)
    return now && !column.isGone && now.name !== column.name ? [{ from: column.name, to: now.name }] : []
  })
}

/** Columns whose type in the source is not what it was when all fitted, as `public.Orders.total`. */
export function changedTypes(sight: Sight): readonly string[] {
  return sight.landings.flatMap(({ captured }) =>
    (knownOf(sight, captured)?.columns ?? []).flatMap(column => {
      const now = captured?.columns.find(({ number }) => number === column.number)
      const isChanged = now && !column.isGone && now.type !== column.type
      return captured && isChanged ? [`${captured.schema}.${captured.table}.${now.name}`] : []
    }),
  )
}
