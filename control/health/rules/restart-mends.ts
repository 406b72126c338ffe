import type { HopReport, PipelineReport } from '../report.ts'
import { knownTraces } from './traces.ts'

const unmended: ReadonlySet<string> = new Set(
  knownTraces.filter(({ restartMends }) => restartMends === false).map(({ id }) => id),
)

/** Of a cause that nobody knows it is worth trying. */
export function restartMends(rule: string | null): boolean {
  return rule === null || !unmended.has(rule)
}

/**
 * As long as one of these is seen, a restart comes too early: what the task needs does not answer, or it would go
 * on past changes that are lost. (A source makes a slot that is missing anew, and says nothing of the gap.)
 */
export const mendedFirst: Readonly<Record<'source' | 'sink', readonly string[]>> = {
  source: [
    ...['source-database-not-in-context', 'source-database-down', 'source-database-refuses', 'wal-level'],
    ...['source-restored', 'publication-unread', 'publication-missing'],
    ...['slot-unread', 'slot-missing', 'slot-of-other-database', 'slot-lost', 'kafka-down'],
  ],
  sink: ['warehouse-down', 'landing-table-missing', 'kafka-down'],
}

/** What has to be mended before a connector at this end of the pipeline is restarted. */
export function whatComesFirst(side: 'source' | 'sink', { hops }: PipelineReport): HopReport | undefined {
  return hops.find(
    ({ rule, state }) => state !== 'degraded' && rule !== null && mendedFirst[side].includes(rule),
  )
}
