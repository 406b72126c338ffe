import { useEffect, useRef } from 'preact/hooks'
import type { AnswerRow, ChartPlan } from '../../messages.ts'
import { type DrawnChart, drawChart } from './draw-chart.ts'
import { weekAt } from './week-range.ts'

interface ChartCanvasProps {
  readonly plan: ChartPlan
  readonly rows: readonly AnswerRow[]
  /** Says it in words, for who does not see it. */
  readonly summary: string
  readonly onPoint: (row: AnswerRow | undefined) => void
  readonly onSelect: (from: string, to: string) => void
}

/** The drawing, and the keys that walk over it: arrows from week to week, Home and End. */
export function ChartCanvas({ plan, rows, summary, onPoint, onSelect }: ChartCanvasProps) {
  const element = useRef<HTMLDivElement>(null)
  const drawn = useRef<DrawnChart | undefined>(undefined)
  const at = useRef<number | undefined>(undefined)
  const latest = useRef({ rows, onPoint, onSelect })
  latest.current = { rows, onPoint, onSelect }

  useEffect(() => {
    const target = element.current
    if (!target) return
    const draw = () => {
      drawn.current?.[Symbol.dispose]()
      drawn.current = drawChart(target, {
        plan,
        onPoint: index => {
          at.current = index
          latest.current.onPoint(index === undefined ? undefined : latest.current.rows[index])
        },
        onSelect: (from, to) => latest.current.onSelect(weekAt(from), weekAt(to)),
      })
      drawn.current.show(latest.current.rows)
    }
    draw()
    // The colours of a canvas do not follow the style sheet by themselves.
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      scheme.removeEventListener('change', draw)
      drawn.current?.[Symbol.dispose]()
      drawn.current = undefined
    }
  }, [plan])

  useEffect(() => drawn.current?.show(rows), [rows])

  const onKeyDown = (event: KeyboardEvent) => {
    const last = rows.length - 1
    const from = at.current ?? last + 1
    const moves: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: from - 1, ArrowRight: from + 1 },
      ...{ Home: 0, End: last },
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    drawn.current?.point(Math.min(last, Math.max(0, to)))
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys walk over the weeks
    <div class="canvas" ref={element} role="img" aria-label={summary} tabIndex={0} onKeyDown={onKeyDown} />
  )
}
