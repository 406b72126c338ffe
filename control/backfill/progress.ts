import type { Asked } from './asked-rows.ts'
import type { StoredSnapshots } from './read-snapshots.ts'

/** One look at rows that are being read again. */
export interface Look {
  readonly stored: StoredSnapshots
  /** Chunks that the connector has read since its signal table began. */
  readonly chunks: number
  readonly atMs: number
}

/** Where the chunks of the table at work began to be counted. */
interface Mark {
  readonly id: string | undefined
  readonly chunks: number
}

export interface Progress {
  readonly isDone: boolean
  /** Of all that were asked for. */
  readonly rows: number
  readonly total: number
  /** `public.Orders`; undefined: none of them, or not yet. */
  readonly current: string | undefined
  readonly rowsPerSecond: number | undefined
  readonly secondsLeft: number | undefined
}

interface CounterOptions {
  /** Rows a chunk (`incremental.snapshot.chunk.size`). */
  readonly chunkRows: number
  readonly first: Look
}

/**
 * Chunks are counted as they come, which tables are through is known some seconds later, as the connector stores its
 * offset; so a table is never said to be further than its own rows.
 */
export function createCounter(asked: readonly Asked[], { chunkRows, first }: CounterOptions) {
  const total = asked.reduce((sum, { rows }) => sum + rows, 0)
  let mark: Mark = { id: undefined, chunks: first.chunks }
  return ({ stored, chunks, atMs }: Look): Progress => {
    const begun = asked.every(({ at }) => stored.at !== undefined && stored.at > at)
    const open = asked.filter(({ id }) => stored.open.some(one => one.id === id))
    const [current] = begun ? open : asked
    if (current?.id !== mark.id)
      mark = { id: current?.id, chunks: mark.id === undefined ? mark.chunks : chunks }
    const through = begun ? sum(asked.filter(one => !open.includes(one))) : 0
    const inCurrent = current ? Math.min(current.rows, (chunks - mark.chunks) * chunkRows) : 0
    const rows = through + inCurrent
    const seconds = (atMs - first.atMs) / 1000
    const rowsPerSecond = seconds > 0 && rows > 0 ? rows / seconds : undefined
    return {
      ...{ isDone: begun && open.length === 0, rows, total, rowsPerSecond },
      current: current && `${current.table.schema}.${current.table.table}`,
      secondsLeft: rowsPerSecond && (total - rows) / rowsPerSecond,
    }
  }
}

const sum = (asked: readonly Asked[]) => asked.reduce((total, { rows }) => total + rows, 0)

export function progressText({ rows, total, current, rowsPerSecond, secondsLeft }: Progress): string {
  const speed = rowsPerSecond === undefined ? '' : `, ${format(rowsPerSecond)} rows/s`
  const left = secondsLeft === undefined ? '' : `, ${format(Math.ceil(secondsLeft))} s left`
  return `${current ?? 'all'}: ${format(rows)} of ${format(total)} rows${speed}${left}`
}

const format = (number: number) => Math.round(number).toLocaleString('en')
