import type { Chart } from '../../scenarios/scenario.ts'
import type { AnswerRow } from '../messages.ts'

interface WeekRange {
  /** ISO dates, both included; null: without end. */
  readonly from: string | null
  readonly to: string | null
}

/** Under the names that the view's columns have. */
export function formatCsv(rows: readonly AnswerRow[], chart: Chart, { from, to }: WeekRange): string {
  const wanted = rows.filter(([week]) => (from === null || week >= from) && (to === null || week <= to))
  const lines = [['week', chart.bars.column, chart.line.column], ...wanted].map(cells => cells.join(','))
  return `${lines.join('\r\n')}\r\n`
}
