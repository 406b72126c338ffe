import type { Row } from './format-rows.ts'

/** RFC 4180 with plain line ends: a heading, and a line for each row. */
export function formatCsv(rows: readonly Row[], columns: readonly string[]): string {
  const lines = [columns, ...rows.map(row => columns.map(name => row[name]))]
  return lines.map(line => `${line.map(formatValue).join(',')}\n`).join('')
}

function formatValue(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
