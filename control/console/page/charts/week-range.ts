import type { AnswerRow } from '../../messages.ts'

export const spans = ['12 weeks', '1 year', 'all'] as const
export type Span = (typeof spans)[number]

/** ISO dates, both included. */
export interface WeekRange {
  readonly from: string
  readonly to: string
}

const weeksOf: Readonly<Record<Span, number>> = {
  '12 weeks': 12,
  '1 year': 53,
  all: Number.POSITIVE_INFINITY,
}

/** The last weeks, as far as there are so many. */
export function rangeOf(span: Span, rows: readonly AnswerRow[]): WeekRange | undefined {
  const shown = weeksOf[span] === Number.POSITIVE_INFINITY ? rows : rows.slice(-weeksOf[span])
  const [first, last] = [shown[0], shown.at(-1)]
  return first && last && { from: first[0], to: last[0] }
}

export function within(rows: readonly AnswerRow[], { from, to }: WeekRange): readonly AnswerRow[] {
  return rows.filter(([week]) => week >= from && week <= to)
}

/** What the chart's axis counts in. */
export const secondsOf = (week: string): number => Date.parse(`${week}T00:00:00Z`) / 1000

export const weekAt = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)
