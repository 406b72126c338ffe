import type { CastType } from './wants.ts'

/** Values that a type of Postgres holds and the way cannot carry. */
export interface ValueRule {
  /** Names in `pg_type`; of arrays, `[]` follows, of which `*[]` is any. */
  readonly types: readonly string[]
  /** SQL condition on `$column`. */
  readonly condition: string
  /** `are infinite`: after a number of values. */
  readonly what: string
  /** `stops`: the task fails. `changes`: something else arrives, without a word. */
  readonly effect: 'stops' | 'changes'
  readonly happens: string
  /** A column that travels so carries them, too. (Default: nothing does) */
  readonly cast?: CastType
}

/** Each is shown by `test/faults/types.test.ts`: what happens, and that `doctor --deep` finds it. */
export const valueRules: readonly ValueRule[] = [
  {
    types: ['numeric'],
    condition: `$column::text in ('Infinity', '-Infinity')`,
    what: 'are infinite',
    effect: 'stops',
    happens: 'the warehouse refuses the word that Debezium makes of it, and the sink stops',
  },
  {
    types: ['time'],
    condition: `$column = '24:00'`,
    what: 'are 24:00',
    effect: 'stops',
    happens: 'the sink knows no such time and stops',
    cast: 'int64',
  },
  {
    types: ['timestamp'],
    condition: `not isfinite($column)`,
    what: 'are infinite',
    effect: 'changes',
    happens: 'infinity arrives as the year 294247; a guard on the landing table stops the sink',
    cast: 'int64',
  },
  {
    types: ['date'],
    condition: `not isfinite($column)`,
    what: 'are infinite',
    effect: 'changes',
    happens: 'a snapshot turns infinity round, and a change of it stops the sink',
    cast: 'int32',
  },
  {
    types: ['date'],
    condition: `isfinite($column) and $column < '0001-01-01'`,
    what: 'are before Christ',
    effect: 'changes',
    happens: 'a snapshot sends the same day after Christ',
  },
  {
    types: ['interval'],
    condition: `not isfinite($column)`,
    what: 'are infinite',
    effect: 'changes',
    happens: 'they arrive as 0',
  },
  {
    types: ['interval'],
    condition: `isfinite($column) and abs(extract(hour from $column)) > 2147483647`,
    what: 'have more hours than 32 bits hold',
    effect: 'stops',
    happens: 'the source cannot read them and stops',
  },
  {
    types: ['*[]'],
    condition: `array_ndims($column) > 1`,
    what: 'have more than one dimension',
    effect: 'changes',
    happens: 'their inner lists arrive as NULL or as a word of Java',
  },
  {
    types: ['*[]'],
    condition: `array_ndims($column) = 1 and array_lower($column, 1) <> 1`,
    what: 'do not begin at 1',
    effect: 'changes',
    happens: 'they arrive beginning at 1',
  },
  {
    types: ['numeric[]'],
    condition: `$column::text[] && array['NaN', 'Infinity', '-Infinity']`,
    what: 'hold NaN or infinities',
    effect: 'stops',
    happens: 'Debezium cannot read them and the source stops',
  },
]

interface ValueType {
  readonly typeName: string
  readonly elementName: string | null
}

export function valueRulesOf({ typeName, elementName }: ValueType): readonly ValueRule[] {
  const names = elementName === null ? [typeName] : ['*[]', `${elementName}[]`]
  return valueRules.filter(({ types }) => types.some(type => names.includes(type)))
}
