import type { Connector } from '../connect/connect-api.ts'
import type { Pipeline, PipelineTable } from '../pipelines/pipeline.ts'

/** The table that a source's heartbeat writes, where that is captured: its landed copy tells how fresh the warehouse is. */
export function heartbeatOf({ source, tables }: Pipeline): PipelineTable | undefined {
  const query = source?.config['heartbeat.action.query']
  if (query === undefined) return undefined
  const plain = query.replaceAll('"', '')
  return tables.find(
    one =>
      one.source &&
      new RegExp(`\\b${literally(`${one.source.schema}.${one.source.table}`)}\\b`, 'i').test(plain),
  )
}

/** What the heartbeat calls its source: `values ('community-db', …)`. */
export function beatName({ config }: Connector): string {
  const query = config['heartbeat.action.query'] ?? ''
  return /values\s*\(\s*'([^']+)'/i.exec(query)?.[1] ?? config['topic.prefix'] ?? ''
}

/** (Default: 0, which is never) */
export function heartbeatIntervalMs({ config }: Connector): number {
  return Number(config['heartbeat.interval.ms'] ?? 0)
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
