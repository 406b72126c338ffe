const yearMs = 365 * 24 * 3600 * 1000
/** How much busier the end of the year is than its middle, as a share: a community that grows slowly. */
const growth = 0.3

/**
 * When row `index` of `rows` came about, within the year before `end`; never earlier than the row before it.
 * Each row has its own `1 / rows` of the year's activity; `offset`, 0 to 1, is its place in there.
 */
export function historyTime(
  index: number,
  { rows, end, offset }: { rows: number; end: Date; offset: number },
): Date {
  const share = (index + offset) / rows
  // Activity grows linearly, from 1 - growth to 1 + growth; this is the inverse of its integral.
  const elapsed = (Math.sqrt((1 - growth) ** 2 + 4 * growth * share) - (1 - growth)) / (2 * growth)
  return new Date(Math.floor(end.getTime() - yearMs * (1 - elapsed)))
}
