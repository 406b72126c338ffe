import { ownTopics } from '../own-topics.ts'
import type { Observation } from '../watch/observation.ts'

/** One of the user's tables, on its way. */
export interface TableRow {
  readonly pipeline: string
  /** As its database writes it; a topic where no more is known. */
  readonly table: string
  readonly target: string | null
  readonly inPerSecond: number | null
  readonly outPerSecond: number | null
  readonly lagRecords: number | null
  /** false: its changes are not published, so none of them comes. */
  readonly isPublished: boolean | null
}

/** Pure: without heartbeats, their logs and signals, which are ours. */
export function toTableRows({ report, flows, snapshot }: Observation): readonly TableRow[] {
  const own = ownTopics(snapshot.pipelines)
  const speeds = new Map(flows.map(flow => [JSON.stringify([flow.pipeline, flow.topic]), flow]))
  return report.pipelines.flatMap(({ name, tables }) =>
    tables
      .filter(({ topic }) => !own.has(topic))
      .map(({ table, topic, target, lagRecords, isPublished }) => {
        const speed = speeds.get(JSON.stringify([name, topic]))
        return {
          ...{ pipeline: name, table: table ?? topic, target, lagRecords, isPublished },
          inPerSecond: speed?.inPerSecond ?? null,
          outPerSecond: speed?.outPerSecond ?? null,
        }
      }),
  )
}
