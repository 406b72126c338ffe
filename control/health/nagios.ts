import type { HealthReport, HealthState } from './report.ts'
import { staleAfterMs } from './rules/warehouse-rules.ts'

/** What the monitoring plugins' guideline wants. */
export const nagiosCodes: Readonly<Record<HealthState, number>> = {
  ok: 0,
  degraded: 1,
  failed: 2,
  unknown: 3,
}

const words: Readonly<Record<HealthState, string>> = {
  ...{ ok: 'OK', degraded: 'WARNING', failed: 'CRITICAL', unknown: 'UNKNOWN' },
}

/** `CRITICAL - cause | 'x freshness'=1.2s;;40;0 'x lag'=0;;;0`: one line, the text without the pipe that ends it. */
export function nagiosLine({ state, cause, pipelines }: HealthReport): string {
  const well = pipelines.filter(pipeline => pipeline.state === 'ok').length
  const text = cause ?? `${well} of ${pipelines.length} pipelines are well`
  const data = pipelines.flatMap(pipeline => {
    const { name, freshnessSeconds, lagRecords } = pipeline
    const label = (what: string) => `'${name.replace(/['=]/g, '_')} ${what}'`
    const used = pipeline.hops.find(({ hop }) => hop === 'slot')?.facts['usedPercent']
    return [
      ...(freshnessSeconds === null
        ? []
        : [`${label('freshness')}=${freshnessSeconds}s;;${staleAfterMs / 1000};0`]),
      ...(lagRecords === null ? [] : [`${label('lag')}=${lagRecords};;;0`]),
      ...(typeof used === 'number' ? [`${label('slot')}=${used}%;70;90;0;100`] : []),
    ]
  })
  const plain = text.replace(/\s+/g, ' ').replaceAll('|', '/')
  return `${words[state]} - ${plain}${data.length > 0 ? ` | ${data.join(' ')}` : ''}\n`
}
