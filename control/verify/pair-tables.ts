import { canBeKey, commonForm } from './canonical-forms.ts'
import type { Column, ComparedColumn, SidePlan, TableShape } from './store.ts'

export interface PairOptions {
  /** The sink does not quote names, so that the warehouse holds them in lower case. */
  readonly isFolded: boolean
  /** Columns that the connectors leave out or change on purpose. */
  readonly isLeftOut: (column: string) => boolean
  /** Columns of the warehouse that the source had and has dropped. (Default: none is known) */
  readonly dropped?: readonly string[]
}

export interface Pair {
  readonly kind: 'comparable'
  readonly source: SidePlan
  readonly target: SidePlan
  /** Columns of the source that the warehouse lacks, and the other way round. */
  readonly missingColumns: readonly string[]
  readonly extraColumns: readonly string[]
  /** Of the source: left out by the connectors' own settings. */
  readonly leftOut: readonly string[]
  /** Of the warehouse: the source has dropped them, so that they are no difference. */
  readonly droppedColumns: readonly string[]
}

export interface Refusal {
  readonly kind: 'refused'
  readonly sentence: string
  readonly hint: string
}

/** Which columns of the two tables are compared, and in which form; pure. */
export function pairTables(
  source: TableShape,
  target: TableShape,
  { isFolded, isLeftOut, dropped = [] }: PairOptions,
): Pair | Refusal {
  const compared = source.columns.filter(({ name }) => !isLeftOut(name))
  const twinOf = ({ name }: Column) =>
    target.columns.find(one => one.name === name) ??
    (isFolded ? target.columns.find(one => one.name === name.toLowerCase()) : undefined)
  const pairs = compared.flatMap(column => {
    const twin = twinOf(column)
    return twin ? [{ column, twin, as: commonForm(column.form, twin.form) }] : []
  })

  const refusal = refuseTypes(pairs) ?? refuseKey(source, target, pairs)
  if (refusal) return refusal
  const plan = (side: 'column' | 'twin', table: string): SidePlan => {
    const toCompared = (pair: TypedPair): ComparedColumn => ({
      name: pair[side].name,
      form: pair[side].form,
      as: pair.as ?? pair[side].form,
    })
    const key = source.key.flatMap(name => pairs.filter(({ column }) => column.name === name))
    return { table, key: key.map(toCompared), columns: pairs.map(toCompared) }
  }
  const twins = new Set(pairs.map(({ twin }) => twin.name))
  // What Debezium's transforms add is named so: __op, __source_ts_ms, __deleted.
  const extra = target.columns
    .map(({ name }) => name)
    .filter(name => !twins.has(name) && !name.startsWith('__') && !isLeftOut(name))
  return {
    kind: 'comparable',
    source: plan('column', source.name),
    target: plan('twin', target.name),
    missingColumns: compared.filter(column => !twinOf(column)).map(({ name }) => name),
    extraColumns: extra.filter(name => !dropped.includes(name)),
    droppedColumns: extra.filter(name => dropped.includes(name)),
    leftOut: source.columns.map(({ name }) => name).filter(isLeftOut),
  }
}

interface TypedPair {
  readonly column: Column
  readonly twin: Column
  readonly as: ReturnType<typeof commonForm>
}

function refuseTypes(pairs: readonly TypedPair[]): Refusal | undefined {
  const unlike = pairs.filter(({ as }) => as === undefined)
  if (unlike.length === 0) return undefined
  const columns = unlike.map(
    ({ column, twin }) => `${column.name} (${column.type} in the source, ${twin.type} in the warehouse)`,
  )
  const [noun, verb] = unlike.length === 1 ? ['column', 'is'] : ['columns', 'are']
  return {
    kind: 'refused',
    sentence: `the ${noun} ${columns.join(', ')} ${verb} of types that cannot be compared`,
    hint: 'give the warehouse a column of the type that the source has',
  }
}

function refuseKey(source: TableShape, target: TableShape, pairs: readonly TypedPair[]): Refusal | undefined {
  if (source.key.length === 0) {
    return {
      kind: 'refused',
      sentence: `${source.name} has no primary key, so that no row can be told from another`,
      hint: `alter table ${source.name} add primary key (…)`,
    }
  }
  for (const name of source.key) {
    const pair = pairs.find(({ column }) => column.name === name)
    if (!pair) {
      return {
        kind: 'refused',
        sentence: `the key's column ${name} of ${source.name} is not in the warehouse's ${target.name}`,
        hint: `add the column ${name} to ${target.name}`,
      }
    }
    if (!pair.as || !canBeKey(pair.as)) {
      return {
        kind: 'refused',
        sentence: `the key's column ${name} of ${source.name} is of type ${pair.column.type}, by which rows cannot be put in order on both sides`,
        hint: 'keys are integers, numerics, texts, uuids, dates and times',
      }
    }
  }
  return undefined
}
