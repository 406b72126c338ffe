import { useState } from 'preact/hooks'
import type { AnswerRow, ChartPlan } from '../../messages.ts'
import { count, dayOf } from '../parts/words.ts'

interface AnswerTableProps {
  readonly plan: ChartPlan
  readonly rows: readonly AnswerRow[]
}

/** The same numbers to be read; drawn only while it is open: ten years have 520 rows. */
export function AnswerTable({ plan, rows }: AnswerTableProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <section class="scroll" tabIndex={0} aria-label={`${plan.title}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">week of</th>
                <th scope="col" class="number">
                  {plan.bars.label}
                </th>
                <th scope="col" class="number">
                  {plan.line.label}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.toReversed().map(([week, bars, line]) => (
                <tr key={week}>
                  <th scope="row">{dayOf(week)}</th>
                  <td class="number">{count(bars)}</td>
                  <td class="number">{count(line)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  )
}
