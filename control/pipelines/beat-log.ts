import type { TableName } from './pipeline.ts'

/** One row for each ten seconds in which a source beat: ours, and landed like a user's table. */
export const beatEveryMs = 10_000

/** So many beats a source takes out of its own log when it begins anew: whether its deletes were read, they tell. */
export const gapMarkBeats = 2

/** By its name: `tributary.community_beat_log`, one for each source, as rows of two in one table could not be compared. */
export function isBeatLog({ schema, table }: TableName): boolean {
  return schema === 'tributary' && table.endsWith('_beat_log')
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Both sides differ in what the warehouse alone has: the source forgot it. */
export function restoredText(database: string, span: Span): string {
  return `what ${database} had between ${spanText(span)} is in the warehouse, and not there any more: it was restored from an older copy, or its deletes were not read`
}

/** Both sides differ in what the source alone has. */
export function lostText(source: string, span: Span): string {
  return `what ${source} read between ${spanText(span)} is not in the warehouse: that was restored from an older copy, or these changes were skipped`
}

function spanText({ fromMs, toMs }: Span): string {
  const [from, to] = [textOf(fromMs), textOf(toMs + beatEveryMs)]
  // The day once, where it is the same.
  return `${from} and ${to.slice(0, 10) === from.slice(0, 10) ? to.slice(11) : to} UTC`
}

const textOf = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
