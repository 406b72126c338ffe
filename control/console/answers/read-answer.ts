import { escapeIdentifier } from 'pg'
import type { Database } from '../../database/connect.ts'
import type { Chart } from '../../scenarios/scenario.ts'
import type { AnswerRow } from '../messages.ts'

/** Every week of a question's answer, oldest first. */
export async function readAnswer(database: Database, chart: Chart): Promise<readonly AnswerRow[]> {
  const [bars, line] = [chart.bars.column, chart.line.column].map(name => escapeIdentifier(name))
  const { rows } = await database.query<{ week: string; bars: string; line: string }>(
    `select week::text as week, ${bars} as bars, ${line} as line from ${chart.view} order by week`,
  )
  return rows.map(row => [row.week, Number(row.bars), Number(row.line)])
}
