import { formatTable } from '../output/table.ts'
import { bars, type Ink, sparkline } from './bars.ts'
import type { Answer, Week } from './read-answers.ts'

/** As many lines as a screen holds; more weeks than that are drawn several to a line. */
export const mostLines = 60

const longestBar = 40

interface DescribeOptions {
  readonly ink: Ink
  /** Characters in a line of the terminal. */
  readonly columns: number
  /** A line for each week, however many there are. (Default: false) */
  readonly isEveryWeek?: boolean
}

/** The question with the weeks that its answer has. */
export function wordsOf({ question, weeks }: Answer): string {
  return weeks.length === 1
    ? question.words.replace('in each of the last WEEKS weeks', 'in this week')
    : question.words.replace('WEEKS', String(weeks.length))
}

/** The question, a line for each week with its bar, and how the total grew. */
export function describeAnswer(
  answer: Answer,
  { ink, columns, isEveryWeek = false }: DescribeOptions,
): string {
  const { question, weeks } = answer
  const spans = spansOf(weeks, isEveryWeek ? 1 : weeksInLine(weeks.length))
  const names = ['week', question.counted, question.total]
  const rows = spans.map(({ week, counted, total }) => ({
    ...{ week, [question.counted]: counted, [question.total]: total },
  }))
  const [heading = '', ...lines] = formatTable(rows, names).trimEnd().split('\n')
  const width = Math.min(longestBar, columns - heading.length - 2)
  const drawn =
    width < 4
      ? []
      : bars(
          spans.map(({ counted }) => counted),
          width,
          ink,
        )
  const body = lines.map((line, index) => `${line}  ${drawn[index] ?? ''}`.trimEnd())
  return `${[wordsOf(answer), heading, ...body, ...growth(spans, question.total, ink)].join('\n')}\n`
}

/** How many weeks stand in a line of the table. */
export function weeksInLine(weeks: number): number {
  return Math.ceil(weeks / mostLines)
}

/** The last line ends with this week; the first may hold fewer weeks than the others. */
function spansOf(weeks: readonly Week[], size: number): readonly Week[] {
  if (size === 1) return weeks
  const spans: Week[] = []
  for (let end = weeks.length; end > 0; end -= size) {
    const members = weeks.slice(Math.max(0, end - size), end)
    const [first, last] = [members[0], members.at(-1)]
    if (!first || !last) continue
    const counted = members.reduce((sum, one) => sum + one.counted, 0)
    spans.unshift({ week: first.week, counted, total: last.total })
  }
  return spans
}

function growth(spans: readonly Week[], name: string, ink: Ink): readonly string[] {
  const [first, last] = [spans[0], spans.at(-1)]
  if (!first || !last || spans.length < 2) return []
  return [
    `${name}: ${first.total} ${sparkline(
      spans.map(({ total }) => total),
      ink,
    )} ${last.total}`,
  ]
}
