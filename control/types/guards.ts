import type { PostgresType } from './type-table.ts'
import { castOf } from './wants.ts'

interface Guard {
  /** Names in `pg_type`; of arrays, of the elements. */
  readonly types: readonly string[]
  readonly isArray: boolean
  /** SQL condition on `$column` that everything fulfils but what a value turned into on its way. */
  readonly condition: string
}

/** What arrives where a value could not be carried, and no task noticed it: the warehouse refuses it instead. */
const guards: readonly Guard[] = [
  // Infinity as a count of microseconds.
  { types: ['timestamp'], isArray: false, condition: `$column < '294247-01-01'` },
  { types: ['date'], isArray: false, condition: 'isfinite($column)' },
  // How Java writes a list within a list.
  {
    types: ['text', 'varchar', 'bpchar', 'char', 'citext'],
    isArray: true,
    condition: String.raw`$column::text !~ '\[Ljava\.'`,
  },
]

/** The condition of a check constraint; undefined: the column needs none. */
export function guardOf(
  { name, typeName, elementName }: PostgresType & { readonly name: string },
  config: Readonly<Record<string, string>>,
): string | undefined {
  if (castOf(config, name) !== undefined) return undefined
  return guards.find(
    ({ types, isArray }) => isArray === (elementName !== null) && types.includes(elementName ?? typeName),
  )?.condition
}
