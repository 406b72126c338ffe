/** What the terminal can show. */
export interface Ink {
  /** Block characters; a terminal that cannot gets `#`. */
  readonly hasBlocks: boolean
  readonly hasColour: boolean
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const plainHeights = ['_', '.', '-', '=', '^'] as const

/** A bar for each value, the largest as long as `width`; whatever is more than nothing can be seen. */
export function bars(values: readonly number[], width: number, { hasBlocks, hasColour }: Ink): string[] {
  const largest = Math.max(0, ...values)
  return values.map(value => {
    const bar = largest === 0 ? '' : hasBlocks ? blocks(value, largest, width) : hashes(value, largest, width)
    return hasColour && bar !== '' ? `\u001b[36m${bar}\u001b[0m` : bar
  })
}

function blocks(value: number, largest: number, width: number): string {
  const length = Math.round((value / largest) * width * 8)
  const shown = value > 0 ? Math.max(1, length) : 0
  return '█'.repeat(Math.floor(shown / 8)) + eighths[shown % 8]
}

function hashes(value: number, largest: number, width: number): string {
  const length = Math.round((value / largest) * width)
  return '#'.repeat(value > 0 ? Math.max(1, length) : 0)
}

/** One character for each value, from the smallest to the largest: how a total grew. */
export function sparkline(values: readonly number[], { hasBlocks }: Pick<Ink, 'hasBlocks'>): string {
  const steps = hasBlocks ? heights : plainHeights
  const smallest = Math.min(...values)
  const range = Math.max(...values) - smallest
  const heightOf = (value: number) =>
    range === 0 ? 0 : Math.round(((value - smallest) / range) * (steps.length - 1))
  return values.map(value => steps[heightOf(value)]).join('')
}
