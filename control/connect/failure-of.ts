import type { ConnectorStatus } from './connect-api.ts'

/** The innermost cause of a trace says what happened; the first line only where. */
export function failureOf({ state, trace, tasks }: ConnectorStatus): string | undefined {
  const failed = [{ state, trace }, ...tasks].find(part => part.state === 'FAILED')
  if (!failed) return undefined
  const lines = (failed.trace ?? 'no trace given').split('\n')
  const cause = lines.findLast(line => line.startsWith('Caused by:')) ?? lines[0] ?? ''
  return cause.replace(/^Caused by: /, '').slice(0, 500)
}
