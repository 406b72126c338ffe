import { visibleLine } from './visible.ts'

/** Rows as columns that line up: what a person reads; machines ask for JSON. */
export function formatTable(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns?: readonly string[],
): string {
  const names = columns ?? Object.keys(rows[0] ?? {})
  const cells = rows.map(row => names.map(name => formatCell(row[name])))
  const widths = names.map((name, column) =>
    Math.max(name.length, ...cells.map(line => line[column]?.length ?? 0)),
  )
  const isNumeric = names.map(
    (_, column) => cells.length > 0 && cells.every(line => /^-?[\d.,]*$/.test(line[column] ?? '')),
  )
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const heading = format(names.map(name => name.toUpperCase()))
  return `${[heading, ...cells.map(format)].join('\n')}\n`
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return visibleLine(typeof value === 'object' ? JSON.stringify(value) : String(value))
}
