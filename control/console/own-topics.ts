import { heartbeatOf } from '../health/heartbeat.ts'
import type { Pipeline } from '../pipelines/pipeline.ts'

/** Heartbeats and signals are ours: they move all the time, and say nothing of the user's rows. */
export function ownTopics(pipelines: readonly Pipeline[]): ReadonlySet<string> {
  return new Set(
    pipelines.flatMap(pipeline => {
      const signal = pipeline.source?.config['signal.data.collection']
      const signals = pipeline.tables.filter(
        ({ source }) => source && `${source.schema}.${source.table}` === signal,
      )
      return [heartbeatOf(pipeline), ...signals].flatMap(table => table?.topic ?? [])
    }),
  )
}
