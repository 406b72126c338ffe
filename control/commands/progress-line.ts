import { visibleLine } from '../output/visible.ts'
import type { Shell } from '../shell.ts'

interface LineOptions {
  /** How often a file or a pipe gets a line. (Default: never) */
  readonly everyMs?: number
}

/** One line that is written over and over, for a person who waits; a file or a pipe gets few lines, or none. */
export function progressLine(shell: Shell, { everyMs }: LineOptions = {}) {
  const isLive = process.stderr.isTTY === true && shell.env['TERM'] !== 'dumb'
  let writtenAt = performance.now()
  const write = (text: string) => {
    if (isLive) shell.drawErr(`\r${visibleLine(text).slice(0, (process.stderr.columns ?? 80) - 1)}\u001b[K`)
  }
  return {
    show: (text: string) => {
      write(`  ${text}`)
      if (isLive || everyMs === undefined || performance.now() - writtenAt < everyMs) return
      writtenAt = performance.now()
      shell.writeErr(`  ${text}\n`)
    },
    clear: () => write(''),
    [Symbol.dispose]: () => write(''),
  }
}
