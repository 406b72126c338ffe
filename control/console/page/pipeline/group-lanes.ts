import type { HealthState, HopName } from '../../../health/report.ts'
import type { HopCard, PipelineCard } from '../../messages.ts'
import { byName } from '../parts/by-name.ts'

/** Pipelines that end in the same sink are drawn as ways into it. */
export interface LaneGroup {
  readonly key: string
  readonly lanes: readonly PipelineCard[]
}

const badness: readonly HealthState[] = ['failed', 'degraded', 'unknown', 'ok']

/** What hurts comes first; else by name. */
export function byBadness(one: PipelineCard, other: PipelineCard): number {
  return badness.indexOf(one.state) - badness.indexOf(other.state) || byName(one, other)
}

export function groupLanes(pipelines: readonly PipelineCard[]): readonly LaneGroup[] {
  const groups = new Map<string, PipelineCard[]>()
  for (const lane of pipelines) {
    const key = lane.sink === null ? `alone ${lane.name}` : `into ${lane.sink}`
    groups.set(key, [...(groups.get(key) ?? []), lane])
  }
  return [...groups].map(([key, lanes]) => ({ key, lanes }))
}

export interface Stage {
  readonly title: string
  readonly hops: readonly HopName[]
}

/** How the seven hops are drawn; the last two are shared by the lanes of a group. */
export const stages: readonly Stage[] = [
  { title: 'Database', hops: ['database', 'publication', 'slot'] },
  { title: 'Source', hops: ['source'] },
  { title: 'Topic', hops: ['topic'] },
  { title: 'Sink', hops: ['sink'] },
  { title: 'Warehouse', hops: ['warehouse'] },
]

export function hopOf(lane: PipelineCard, name: HopName): HopCard | undefined {
  return lane.hops.find(({ hop }) => hop === name)
}

/** The hop of that name that hurts most among the lanes, with the lane that it belongs to. */
export function worstHop(
  lanes: readonly PipelineCard[],
  name: HopName,
): { readonly lane: PipelineCard; readonly hop: HopCard } | undefined {
  const found = lanes.flatMap(lane => {
    const hop = hopOf(lane, name)
    return hop ? [{ lane, hop }] : []
  })
  return found.reduce<(typeof found)[number] | undefined>(
    (worst, one) =>
      worst === undefined || badness.indexOf(one.hop.state) < badness.indexOf(worst.hop.state) ? one : worst,
    undefined,
  )
}
