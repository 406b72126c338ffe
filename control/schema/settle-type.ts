import { escapeIdentifier } from 'pg'
import { objectionToType } from '../doctor/checks/fits-type.ts'
import { typeIn } from './column-sql.ts'
import type { KnownColumn } from './known-tables.ts'
import type { About, Outcome, Refusal, Step } from './step.ts'
import type { LandingColumn, SourceColumn } from './table-shapes.ts'
import { isWidening } from './widening.ts'

interface Pair {
  readonly before: KnownColumn | undefined
  readonly column: SourceColumn
  readonly twin: LandingColumn
}

/** A column and its twin, of one name: whether each value of the one goes into the other, and null, too. */
export function settleType(about: About, { before, column, twin }: Pair): Outcome {
  const { table, now, isRewritten } = about
  const { number, name, type } = column
  const known: KnownColumn = { number, name, type, landing: twin.number, isGone: false }
  const mayBeNull: readonly Step[] =
    twin.isNotNull && !column.isNotNull && !twin.isKey
      ? [
          {
            kind: 'sql',
            sentence: `${now.schema}.${now.table} allows null in ${name}`,
            statement: `alter table ${table} alter column ${escapeIdentifier(twin.name)} drop not null`,
          },
        ]
      : []
  const isChanged = before !== undefined && before.type !== type
  const again: readonly Step[] =
    isChanged && isRewritten
      ? [{ kind: 'read-again', sentence: `${name} became ${type}, and its rows were written anew` }]
      : []
  if (objectionToType(column, twin) === undefined)
    return { column: known, steps: [...mayBeNull, ...again], refusals: [] }
  const statement = `alter table ${table} alter column ${escapeIdentifier(twin.name)} type ${typeIn(column)}`
  if (isWidening(twin, column) && twin.views.length === 0) {
    const sentence = `${now.schema}.${now.table} has widened ${name} from ${twin.type} to ${type}`
    return {
      column: known,
      steps: [...mayBeNull, { kind: 'sql', sentence, statement }, ...again],
      refusals: [],
    }
  }
  // Nothing changed under us: the doctor speaks of a table that never fitted.
  if (before !== undefined && !isChanged) return { column: known, steps: mayBeNull, refusals: [] }
  return {
    column: before,
    steps: mayBeNull,
    refusals: [refuseType(about, { before, column, twin }, statement)],
  }
}

function refuseType({ now }: About, { before, column, twin }: Pair, statement: string): Refusal {
  const { name, type } = column
  const what = `${now.schema}.${now.table} has changed ${name} from ${before?.type ?? twin.type} to ${type}`
  if (isWidening(twin, column)) {
    return {
      sentence: `${what}, which the views ${twin.views.join(', ')} of the warehouse keep from being done there: they are to be dropped and made again around it`,
      statements: [...twin.views.map(view => `drop view ${view}`), statement],
      mustStop: false,
    }
  }
  const cast = `${escapeIdentifier(twin.name)}::text::${typeIn(column)}`
  return {
    sentence: `${what}, and ${twin.type} in the warehouse cannot hold every such value: it would fail, or be rounded`,
    statements: [`${statement} using ${cast}`],
    mustStop: true,
  }
}
