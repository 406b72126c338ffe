import { escapeIdentifier } from 'pg'
import { addSql, renameSql } from './column-sql.ts'
import type { KnownColumn } from './known-tables.ts'
import { settleType } from './settle-type.ts'
import type { About, Outcome, Refusal, Step } from './step.ts'
import type { LandingColumn, SourceColumn } from './table-shapes.ts'

/** A column that was known: it may be gone, renamed, of another type, or may be null now. */
export function follow(about: About, before: KnownColumn, sent: readonly SourceColumn[]): Outcome {
  const { landing, nameIn } = about
  const column = sent.find(({ number }) => number === before.number)
  const twin = landing.columns.find(({ number }) => number === before.landing)
  if (!column)
    return { column: { ...before, isGone: true }, steps: twin ? release(about, twin) : [], refusals: [] }
  // Somebody dropped the column in the warehouse: whatever has its name counts, or a new one.
  if (!twin) return join(about, column, [])
  if (twin.name !== nameIn(column.name)) {
    return { column: before, steps: [], refusals: [refuseRename(about, twin, column)] }
  }
  return settleType(about, { before, column, twin })
}

/** Nobody fills it any more; what it holds stays. */
function release(
  { table, now }: About,
  { name, isNotNull, hasDefault, isKey }: LandingColumn,
): readonly Step[] {
  const change = (what: string): Step => ({
    kind: 'sql',
    sentence: `${now.schema}.${now.table} has dropped ${name}: it stays in the warehouse, and may be null`,
    statement: `alter table ${table} alter column ${escapeIdentifier(name)} drop ${what}`,
  })
  return [...(isNotNull && !isKey ? [change('not null')] : []), ...(hasDefault ? [change('default')] : [])]
}

function refuseRename(
  { table, landing, now, nameIn }: About,
  twin: LandingColumn,
  column: SourceColumn,
): Refusal {
  const to = nameIn(column.name)
  const inTheWay = landing.columns.find(({ name }) => name === to)
  const aside = inTheWay ? [renameSql(table, to, `${to}_before`)] : []
  return {
    sentence: `${now.schema}.${now.table} has renamed ${twin.name} to ${column.name}: what reads the warehouse may rely on the old name`,
    statements: [...aside, renameSql(table, twin.name, to)],
    // A column of the new name is there, and would be filled beside the old one.
    mustStop: inTheWay !== undefined,
  }
}

/** A column that is new to us. */
export function join(about: About, column: SourceColumn, known: readonly KnownColumn[]): Outcome {
  const { landing, nameIn, now, isFirst } = about
  const { number, name, type, missing } = column
  const twin = landing.columns.find(one => one.name === nameIn(name))
  const hasValues = !now.isEmpty && (missing !== null || column.hasDefault || isFirst)
  const again = (why: string): Step => ({ kind: 'read-again', sentence: why })
  if (!twin) {
    const sentence = `${now.schema}.${now.table} has a new column ${name} (${type})`
    const add: Step = { kind: 'sql', sentence, statement: addSql(about, column) }
    const isFilled = hasValues && missing === null
    const steps = isFilled ? [add, again(`the rows of before have values of their own in ${name}`)] : [add]
    // Its number in the landing table is read with the next look.
    return { column: { number, name, type, landing: null, isGone: false }, steps, refusals: [] }
  }
  const old = known.find(one => one.landing === twin.number)
  if (old && old.number !== number && now.columns.some(one => one.number === old.number)) {
    // Its name belonged to another column, which has been renamed: that is to be decided first.
    return { column: undefined, steps: [], refusals: [] }
  }
  const { steps, refusals } = settleType(about, { before: undefined, column, twin })
  const why = old
    ? `${name} was dropped and added again`
    : `${name} is new, and rows of before have values in it`
  const mustRead = !now.isEmpty && (old !== undefined || hasValues)
  return {
    column: refusals.length > 0 ? undefined : { number, name, type, landing: twin.number, isGone: false },
    steps: mustRead && refusals.length === 0 ? [...steps, again(why)] : steps,
    refusals,
  }
}
