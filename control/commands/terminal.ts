import type { Shell } from '../shell.ts'

/** What progress may do on this stderr. */
export function terminal(shell: Shell) {
  return {
    write: shell.writeErr,
    // A picture that is taller than the screen cannot be redrawn in place.
    isLive: process.stderr.isTTY === true && process.stderr.rows > 24 && shell.env['TERM'] !== 'dumb',
    hasColour: process.stderr.isTTY === true && shell.env['NO_COLOR'] === undefined,
    columns: () => process.stderr.columns ?? 120,
  }
}
