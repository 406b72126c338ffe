import { visibleLine } from './visible.ts'

export type StepState = 'waiting' | 'working' | 'done' | 'failed'

/** What long work shows while it runs: one line for each step, what it waits for, how long it took. */
export interface Progress extends Disposable {
  step(name: string, state: StepState, detail?: string): void
}

interface ProgressOptions {
  readonly write: (text: string) => void
  /** A terminal that can move its cursor gets a live picture, anything else a line for each change. */
  readonly isLive: boolean
  readonly hasColour: boolean
  readonly columns: () => number
  readonly now?: () => number
}

interface Step {
  state: StepState
  detail: string
  since: number
  /** How long the step itself took, once done. */
  tookMs: number | undefined
}

const marks = { waiting: '·', working: '…', done: '✓', failed: '✗' } as const
const colours = { waiting: '2', working: '33', done: '32', failed: '31' } as const
const redrawEveryMs = 200

export function createProgress({
  write,
  isLive,
  hasColour,
  columns,
  now = Date.now,
}: ProgressOptions): Progress {
  const steps = new Map<string, Step>()
  let drawnLines = 0
  const paint = (state: StepState, text: string) =>
    hasColour ? `\u001b[${colours[state]}m${text}\u001b[0m` : text

  const lineOf = (name: string, step: Step) => {
    const seconds = ((step.tookMs ?? now() - step.since) / 1000).toFixed(1).padStart(6)
    const time = step.state === 'waiting' ? ' '.repeat(8) : `${seconds} s`
    const room = Math.max(20, columns() - 36)
    return `  ${paint(step.state, marks[step.state])} ${name.padEnd(21)}${time}  ${step.detail.slice(0, room)}`.trimEnd()
  }
  const redraw = () => {
    const lines = [...steps].map(([name, step]) => `${lineOf(name, step)}\u001b[K\n`)
    const up = drawnLines > 0 ? `\u001b[${drawnLines}A` : ''
    write(up + lines.join(''))
    drawnLines = lines.length
  }
  const timer = isLive ? setInterval(redraw, redrawEveryMs) : undefined

  return {
    step(name, state, detail = '') {
      const text = visibleLine(detail.split('\n')[0] ?? '')
      const known = steps.get(name)
      const hasBegun = state === 'working' && known?.state !== 'working'
      const since = !known || hasBegun ? now() : known.since
      const tookMs = state === 'done' || state === 'failed' ? now() - since : undefined
      const step = { state, detail: text, since, tookMs }
      steps.set(name, step)
      if (!isLive && known?.state !== state) write(`${lineOf(name, step)}\n`)
    },
    [Symbol.dispose]() {
      clearInterval(timer)
      if (isLive && steps.size > 0) redraw()
    },
  }
}
