import { heartbeatOf } from '../health/heartbeat.ts'
import { isBeatLog } from '../pipelines/beat-log.ts'
import type { Pipeline } from '../pipelines/pipeline.ts'

/** Heartbeats, their logs and signals are ours: they move all the time, and say nothing of the user's rows. */
export function ownTopics(pipelines: readonly Pipeline[]): ReadonlySet<string> {
  return new Set(
    pipelines.flatMap(pipeline => {
      const signal = pipeline.source?.config['signal.data.collection']
      const logs = pipeline.tables.filter(
        ({ source }) => source && (isBeatLog(source) || `${source.schema}.${source.table}` === signal),
      )
      return [heartbeatOf(pipeline), ...logs].flatMap(table => table?.topic ?? [])
    }),
  )
}
