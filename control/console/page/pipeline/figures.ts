import type { HopName } from '../../../health/report.ts'
import type { PipelineCard } from '../../messages.ts'
import { age, bytes, counted } from '../parts/words.ts'

/** The one figure that a person looks for at a hop; nothing where there is none. */
export function figureOf(hop: HopName, lanes: readonly PipelineCard[]): string {
  const sum = (value: (lane: PipelineCard) => number | null) =>
    lanes.reduce((total, lane) => total + (value(lane) ?? 0), 0)
  switch (hop) {
    case 'source':
      return lanes[0]?.hops.find(one => one.hop === 'source')?.state === 'ok' ? 'runs' : ''
    case 'slot':
      return lanes[0]?.retainedBytes == null ? '' : `keeps ${bytes(lanes[0].retainedBytes)}`
    case 'topic':
      return counted(lanes[0]?.tables.length ?? 0, 'table')
    case 'sink':
      return lanes.every(({ lagRecords }) => lagRecords === null)
        ? ''
        : `${counted(
            sum(({ lagRecords }) => lagRecords),
            'record',
          )} behind`
    case 'warehouse': {
      const ages = lanes.flatMap(({ freshnessSeconds }) => freshnessSeconds ?? [])
      return ages.length === 0 ? '' : `heard of ${age(Math.max(...ages))} ago`
    }
    default:
      return ''
  }
}
