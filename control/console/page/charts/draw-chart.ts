import uPlot from 'uplot'
import type { AnswerRow, ChartPlan } from '../../messages.ts'
import { secondsOf } from './week-range.ts'

export interface DrawOptions {
  readonly plan: ChartPlan
  /** The week under the pointer or the arrow keys; undefined: none. */
  readonly onPoint: (index: number | undefined) => void
  /** A stretch that was drawn over with the pointer, in seconds. */
  readonly onSelect: (from: number, to: number) => void
}

export interface DrawnChart extends Disposable {
  show(rows: readonly AnswerRow[]): void
  point(index: number): void
}

const height = 240

/** Bars for what is new, a line for the total, each with its own scale. */
export function drawChart(target: HTMLElement, options: DrawOptions): DrawnChart {
  const chart = new uPlot(toOptions(target, options), [[], [], []], target)
  const observer = new ResizeObserver(() => chart.setSize({ width: target.clientWidth, height }))
  observer.observe(target)
  return {
    show: rows =>
      chart.setData([
        rows.map(([week]) => secondsOf(week)),
        rows.map(row => row[1]),
        rows.map(row => row[2]),
      ]),
    point: index => {
      const at = chart.data[0][index]
      if (at !== undefined) chart.setCursor({ left: chart.valToPos(at, 'x'), top: height / 2 }, true)
    },
    [Symbol.dispose]() {
      observer.disconnect()
      chart.destroy()
    },
  }
}

function toOptions(target: HTMLElement, { plan, onPoint, onSelect }: DrawOptions): uPlot.Options {
  const style = getComputedStyle(target)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const font = `12px ${style.fontFamily}`
  const axis = { stroke: color('--muted'), font, ticks: { show: false } }
  const fromZero = (_chart: uPlot, _min: number, max: number): uPlot.Range.MinMax => [
    0,
    Math.max(1, max) * 1.1,
  ]
  return {
    width: target.clientWidth || 400,
    height,
    legend: { show: false },
    // Weeks begin on Monday in UTC, wherever the reader is.
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: { x: { range: aroundBars }, bars: { range: fromZero }, line: { range: fromZero } },
    axes: [
      { ...axis, grid: { show: false }, space: 64 },
      { ...axis, scale: 'bars', grid: { stroke: color('--line'), width: 1 }, size: sizeOf, values: short },
      { ...axis, scale: 'line', side: 1, grid: { show: false }, size: sizeOf, values: short },
    ],
    series: [
      {},
      {
        scale: 'bars',
        label: plan.bars.label,
        fill: color('--bar'),
        width: 0,
        paths: uPlot.paths.bars?.({ size: [0.75, 36] }) as uPlot.Series.PathBuilder,
        points: { show: false },
      },
      {
        scale: 'line',
        label: plan.line.label,
        stroke: color('--total'),
        width: 2,
        points: { show: false },
      },
    ],
    hooks: {
      setCursor: [chart => onPoint(chart.cursor.idx ?? undefined)],
      setSelect: [
        chart => {
          const { left, width } = chart.select
          if (width < 8) return
          onSelect(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        },
      ],
    },
  }
}

/** Half a week beside the first and the last bar, which else were cut in two. */
function aroundBars(_chart: uPlot, min: number, max: number): uPlot.Range.MinMax {
  const margin = 4 * 86_400
  return [min - margin, max + margin]
}

/** As wide as the longest number. */
function sizeOf(_chart: uPlot, values: readonly string[] | null): number {
  return 18 + 7 * Math.max(2, ...(values ?? []).map(value => value.length))
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

function short(_chart: uPlot, values: readonly number[]): string[] {
  return values.map(value => (Number.isInteger(value) ? compact.format(value) : ''))
}
