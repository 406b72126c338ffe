/** The row that a sink failed at, as far as the statement in its trace tells. */
export interface FailedRow {
  /** `public.orders`. */
  readonly table: string
  /** `id 5`; undefined: the statement is for several rows, and nothing says which. */
  readonly key: string | undefined
  /** undefined: nothing says which. */
  readonly column: string | undefined
}

const statement =
  /INSERT INTO ((?:"(?:[^"]|"")+"\.)?"(?:[^"]|"")+") \((.*?)\) VALUES (.*?) ON CONFLICT \((.*?)\)/s
const place = /parameter \$(\d+)/
const refused = /violates check constraint "((?:[^"]|"")+)"/
const shown = /Failing row contains \((.*?)\)\.\s/s

/** Reads the driver's `Batch entry 0 INSERT INTO …`, which holds the values of its rows. */
export function failedRow(trace: string): FailedRow | undefined {
  const [, table, names, values, keys] = statement.exec(trace) ?? []
  if (!table || !names || !values || !keys) return undefined
  const columns = parts(names).map(unquote)
  const rows = parts(values).map(row => parts(inner(row)).map(literal))
  const position = Number(place.exec(trace)?.[1] ?? 0) - 1
  const row = position >= 0 ? rows[Math.floor(position / columns.length)] : theRow(rows, trace)
  const constraint = refused.exec(trace)?.[1]
  const column =
    position >= 0
      ? columns[position % columns.length]
      : columns.find(name => constraint?.includes(`_${name}_check`))
  const key = parts(keys)
    .map(unquote)
    .map(name => `${name} ${row?.[columns.indexOf(name)]}`)
  return {
    table: table.replaceAll('"', ''),
    key: row ? key.join(', ') : undefined,
    column,
  }
}

/** A check constraint shows the row that it refuses. */
function theRow(rows: readonly (readonly string[])[], trace: string): readonly string[] | undefined {
  if (rows.length === 1) return rows[0]
  const row = shown.exec(trace)?.[1]?.split(', ')
  return row && rows.find(values => values.slice(0, 1).every(value => row.includes(value)))
}

/** Split at the commas that are in no quotes and no brackets. */
function parts(text: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? ''
    if (quote !== '') {
      if (letter === quote) quote = ''
    } else if (letter === "'" || letter === '"') quote = letter
    else if (letter === '(') depth += 1
    else if (letter === ')') depth -= 1
    else if (letter === ',' && depth === 0) {
      found.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...found, text.slice(start)].map(part => part.trim())
}

const inner = (row: string) => row.slice(row.indexOf('(') + 1, row.lastIndexOf(')'))
const unquote = (name: string) => name.replace(/^"|"$/g, '').replaceAll('""', '"')

/** `2` of `('2'::int4)`. */
function literal(value: string): string {
  const [, text] = /'((?:[^']|'')*)'/s.exec(value) ?? []
  return text === undefined ? value.replace(/^\(|\)$/g, '') : text.replaceAll("''", "'")
}
