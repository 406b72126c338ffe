import { beatEveryMs, isBeatLog, lostText, restoredText, type Span } from '../pipelines/beat-log.ts'
import type { CompareTask } from './plan-verify.ts'
import type { Findings } from './settle.ts'
import { type Key, keyOf } from './store.ts'

/** Whether a table is ours and tells of itself only where it differs. */
export function isOwnLog({ tables }: Pick<CompareTask, 'tables'>): boolean {
  return isBeatLog(tables.source)
}

/** What a difference between the logs of both sides says of all the others; pure. */
export function explainBeats(
  { sourceConnector, source }: Pick<CompareTask, 'sourceConnector' | 'source'>,
  { missing, extra }: Pick<Findings, 'missing' | 'extra'>,
): string | undefined {
  const gone = spanOf([...extra.keys()].map(keyOf))
  if (gone) return restoredText(source.name, gone)
  const lost = spanOf(missing)
  return lost && lostText(sourceConnector.name, lost)
}

/** Keys are ticks. */
function spanOf(keys: readonly Key[]): Span | undefined {
  const times = keys.map(([tick]) => Number(tick) * beatEveryMs).sort((a, b) => a - b)
  const [fromMs] = times
  const toMs = times.at(-1)
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs }
}
