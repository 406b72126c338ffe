import type { Row } from '../output/format-rows.ts'
import type { Answer } from './read-answers.ts'

/** Under the names of the view's columns, as machines get it. */
export function rowsOf({ question, weeks }: Answer): readonly Row[] {
  return weeks.map(({ week, counted, total }) => ({
    ...{ week, [question.counted]: counted, [question.total]: total },
  }))
}

export function byName(answers: readonly Answer[]): Readonly<Record<string, readonly Row[]>> {
  return Object.fromEntries(answers.map(answer => [answer.question.name, rowsOf(answer)]))
}

/** One row for each week with the columns of every question: all have the same weeks. */
export function joinByWeek(answers: readonly Answer[]): readonly Row[] {
  const weeks = new Map<unknown, Row>()
  for (const row of answers.flatMap(rowsOf)) weeks.set(row['week'], { ...weeks.get(row['week']), ...row })
  return [...weeks.values()]
}
