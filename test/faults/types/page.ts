import { refusedTypes, type TypeCase } from './cases.ts'
import type { LostValue } from './lost-values.ts'
import type { OddTable } from './odd-tables.ts'

export interface Measured {
  readonly types: readonly {
    readonly one: TypeCase
    readonly snapshot: string
    readonly change: string
    readonly landsAs: string
    readonly remark: string
  }[]
  readonly tables: readonly { readonly one: OddTable; readonly snapshot: string; readonly change: string }[]
  /** What doctor said of each of `refusedTypes`. */
  readonly refused: ReadonlyMap<string, string>
  readonly lost: readonly { readonly one: LostValue; readonly happens: string; readonly mends: string }[]
}

const code = (text: string) => `\`${text}\``
/** What types of the test's own stand for. */
const ownKinds: Readonly<Record<string, string>> = {
  hours: 'a range of a type of its own',
  pair: 'a composite type',
  'mood[]': 'a list of an enum',
  'd_int[]': 'a list of a domain',
  'pair[]': 'a list of a composite type',
  mood: 'an enum',
}
const nameOf = (type: string) => ownKinds[type] ?? code(type)
const cell = (text: string) => text.replaceAll('|', '\\|')
const row = (...cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
const head = (...titles: readonly string[]) => [row(...titles), `|${titles.map(() => '---').join('|')}|`]

/** The page as it is committed: every cell is what the test saw. */
export function typesPage({ types, tables, refused, lost }: Measured): string {
  const sentences = refusedTypes.map(type => {
    return row(nameOf(type), ...splitTwo(refused.get(type) ?? ''))
  })
  return [
    '# Which types arrive exactly?',
    '',
    'Written by `test/faults/types.test.ts` from what it saw on a native stack, with the settings of',
    '`moodle/*.json`: each value inserted before the snapshot, inserted, updated and deleted afterwards, and',
    'the text of both sides compared. `npx trib doctor` refuses what is refused here and prints what mends it;',
    '`npx trib doctor --deep` finds each value that an accepted type cannot carry, with its key.',
    '',
    '## Types',
    '',
    ...head('type', 'as snapshot', 'as change', 'in the warehouse', 'remark'),
    ...types.map(({ one, snapshot, change, landsAs, remark }) =>
      row(nameOf(one.type), snapshot, change, code(landsAs), [one.shows, remark].filter(Boolean).join('; ')),
    ),
    '',
    'A column named in `transforms.exact.spec` of its source travels as text (floats) or as a plain number (times);',
    'the casts of `sql/moodle/warehouse/10-exact-times.sql` turn such a number into the very same time.',
    'Without it a float is refused, as its NaN would arrive as 0; a date or time arrives exactly but for the values',
    'below. Enums land as text and keep their order in the source only; `citext` and `ltree` want their extension in',
    'the warehouse; `money` is read by the `lc_monetary` of each side.',
    '',
    '## Names, keys, size',
    '',
    ...head('table', 'as snapshot', 'as change', 'shows'),
    ...tables.map(({ one, snapshot, change }) => row(code(one.table), snapshot, change, one.shows)),
    '',
    '## Values that an accepted type cannot carry',
    '',
    'Nothing else arrives where a task stops, and `npx trib health` names the table, the column and the key, or',
    'the command that does. Where none stops, only `npx trib doctor --deep` and `npx trib verify` see it.',
    '',
    ...head('type', 'value', 'what happens', 'what carries it'),
    ...lost.map(({ one, happens, mends }) => row(code(one.type), code(one.value), happens, mends)),
    '',
    'The guards that stop the sink for a timestamp, a date and a list of texts are check constraints of the landing',
    'table that doctor prints.',
    '',
    '## Refused',
    '',
    ...head('type', 'why', 'what to do'),
    ...sentences,
    row('a generated column', ...splitTwo(refused.get('generated') ?? '')),
    row('a column with a double quote in its name', ...splitTwo(refused.get('quoted') ?? '')),
    '',
    'Any other type is refused, too: Debezium sends its bytes, which the sink cannot write.',
    '',
  ].join('\n')
}

function splitTwo(sentence: string): readonly string[] {
  const at = sentence.indexOf('; leave')
  return [sentence.slice(0, at), sentence.slice(at + 2)]
}
