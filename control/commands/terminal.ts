import type { Ink } from '../report/bars.ts'
import type { Shell } from '../shell.ts'

/** What progress may do on this stderr. */
export function terminal(shell: Shell) {
  return {
    write: (text: string) => shell.drawErr(shell.toPaste(text)),
    // A picture that is taller than the screen cannot be redrawn in place.
    isLive: process.stderr.isTTY === true && process.stderr.rows > 24 && shell.env['TERM'] !== 'dumb',
    hasColour: process.stderr.isTTY === true && shell.env['NO_COLOR'] === undefined,
    columns: () => process.stderr.columns ?? 120,
  }
}

/** What a chart may use on this stdout. */
export function paper({ env }: Pick<Shell, 'env'>): { readonly ink: Ink; readonly columns: number } {
  const isPlain = env['TERM'] === 'dumb'
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return {
    ink: {
      hasBlocks: !isPlain && (locale === '' || /utf-?8/i.test(locale)),
      hasColour: process.stdout.isTTY === true && env['NO_COLOR'] === undefined && !isPlain,
    },
    columns: process.stdout.columns ?? 100,
  }
}
