import { useMemo, useState } from 'preact/hooks'
import type { AnswerRow, ChartPlan } from '../../messages.ts'
import { count, dayOf } from '../parts/words.ts'
import type { AnswerState } from '../state.ts'
import { AnswerTable } from './answer-table.tsx'
import { ChartCanvas } from './chart-canvas.tsx'
import { rangeOf, type Span, spans, type WeekRange, within } from './week-range.ts'

interface QuestionProps {
  readonly plan: ChartPlan
  readonly answer: AnswerState | undefined
}

/** One question: the figure of the week, the chart, the range, and the numbers to take away. */
export function Question({ plan, answer }: QuestionProps) {
  const [choice, setChoice] = useState<Span | WeekRange>('1 year')
  const [pointed, setPointed] = useState<AnswerRow | undefined>()
  const all = answer?.rows ?? []
  const range = typeof choice === 'string' ? rangeOf(choice, all) : choice
  const [from, to] = [range?.from, range?.to]
  const rows = useMemo(
    () => (from === undefined || to === undefined ? [] : within(all, { from, to })),
    [all, from, to],
  )
  const shown = pointed ?? all.at(-1)
  const id = `question-${plan.question}`
  return (
    <article class="card question" aria-labelledby={id} data-question={plan.question}>
      <h3 id={id}>{plan.title}</h3>
      {answer?.problem && (
        <p class="notice notice-failed" role="status">
          The warehouse does not answer: {answer.problem}. What is shown is what it said last.
        </p>
      )}
      {all.length === 0 && !answer?.problem && (
        <p class="empty">
          {answer ? 'No rows yet: the chart begins with the first that lands.' : 'Asking the warehouse …'}
        </p>
      )}
      {shown && (
        <>
          <Readout plan={plan} row={shown} />
          <ChartCanvas
            plan={plan}
            rows={rows}
            summary={summaryOf(plan, rows)}
            onPoint={setPointed}
            onSelect={(first, last) => setChoice({ from: first, to: last })}
          />
          <Ranges plan={plan} choice={choice} range={range} onChoose={setChoice} />
          <AnswerTable plan={plan} rows={rows} />
        </>
      )}
    </article>
  )
}

function Readout({ plan, row: [week, bars, line] }: { readonly plan: ChartPlan; readonly row: AnswerRow }) {
  return (
    <p class="readout">
      <span class="muted">week of {dayOf(week)}</span>
      <span>
        <span class="key key-bar" aria-hidden="true" />
        <strong data-value="bars">{count(bars)}</strong> {plan.bars.label}
      </span>
      <span>
        <span class="key key-line" aria-hidden="true" />
        <strong data-value="line">{count(line)}</strong> {plan.line.label}
      </span>
    </p>
  )
}

interface RangesProps {
  readonly plan: ChartPlan
  readonly choice: Span | WeekRange
  readonly range: WeekRange | undefined
  readonly onChoose: (choice: Span | WeekRange) => void
}

function Ranges({ plan, choice, range, onChoose }: RangesProps) {
  const query = range ? `?from=${range.from}&to=${range.to}` : ''
  const pick = (end: keyof WeekRange) => (event: { readonly currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget
    if (range && value !== '') onChoose({ ...range, [end]: value })
  }
  return (
    <div class="ranges">
      <fieldset class="segments">
        <legend class="visually-hidden">Which weeks are shown</legend>
        {spans.map(span => (
          <label key={span}>
            <input
              type="radio"
              name={`span-${plan.question}`}
              checked={choice === span}
              onChange={() => onChoose(span)}
            />
            <span>{span}</span>
          </label>
        ))}
      </fieldset>
      <span class="dates">
        <input type="date" aria-label="First week shown" value={range?.from ?? ''} onChange={pick('from')} />
        <span aria-hidden="true">–</span>
        <input type="date" aria-label="Last week shown" value={range?.to ?? ''} onChange={pick('to')} />
      </span>
      <a class="download" href={`/api/questions/${plan.question}.csv${query}`} download>
        CSV
      </a>
    </div>
  )
}

function summaryOf({ title, bars, line }: ChartPlan, rows: readonly AnswerRow[]): string {
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return `${title}: no week in this range`
  return (
    `${title}, chart of ${rows.length} weeks from ${dayOf(first[0])} to ${dayOf(last[0])}. ` +
    `In the last week ${count(last[1])} ${bars.label}, ${count(last[2])} ${line.label}. Arrow keys walk from week to week.`
  )
}
