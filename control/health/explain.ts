import type { Connector, ConnectorStatus } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import { nearest } from '../topology/nearest.ts'
import type { HealthState, HopReport, PipelineReport } from './report.ts'

export interface Explanation {
  readonly name: string
  readonly kind: 'connector' | 'pipeline'
  readonly state: HealthState
  /** What happens. */
  readonly what: string
  /** null: nothing is wrong. */
  readonly why: string | null
  readonly command: string | null
  /** The entry of the catalogue that fits. */
  readonly rule: string | null
  /** The innermost cause of the trace, as Java has it. */
  readonly innermost: string | null
}

interface ExplainOptions {
  readonly connectors: readonly Connector[]
  readonly pipelines: readonly PipelineReport[]
  readonly failureOf: (status: ConnectorStatus) => string | undefined
}

/** Pure: a source's name is its pipeline's as well, whose hops include the connector's own, so that one goes first. */
export function explain(name: string, { connectors, pipelines, failureOf }: ExplainOptions): Explanation {
  const pipeline = pipelines.find(one => one.name === name)
  const connector = connectors.find(one => one.name === name)
  if (pipeline) return ofPipeline(pipeline, connectors, failureOf)
  if (connector) return ofConnector(connector, pipelines, failureOf)
  const names = [...new Set([...pipelines, ...connectors].map(one => one.name))]
  const guess = nearest(name, names)
  throw new TribError(
    'USAGE',
    `there is neither a pipeline nor a connector '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
    { hint: names.length > 0 ? `names: ${names.join(', ')}` : 'npx trib get connectors' },
  )
}

function ofPipeline(
  pipeline: PipelineReport,
  connectors: readonly Connector[],
  failureOf: ExplainOptions['failureOf'],
): Explanation {
  const { name, state, cause, command, rule, freshnessSeconds, lagRecords } = pipeline
  const way = `from ${pipeline.source ?? 'a source that is not deployed here'} to ${pipeline.sink ?? 'no sink'}`
  const fresh = freshnessSeconds === null ? '' : `; the warehouse is ${freshnessSeconds} s behind`
  const lag = lagRecords ? `, ${lagRecords} records are not confirmed by the sink` : ''
  const failed = connectors.find(
    one => (one.name === pipeline.source || one.name === pipeline.sink) && failureOf(one),
  )
  return {
    ...{ name, kind: 'pipeline', state, command, rule, why: cause },
    what: `the pipeline ${way} with ${count(pipeline.tables.length, 'table')} is ${state}${fresh}${lag}`,
    innermost: (failed && failureOf(failed)) ?? null,
  }
}

/** A connector that only suffers from what is wrong elsewhere says so. */
function ofConnector(
  connector: Connector,
  pipelines: readonly PipelineReport[],
  failureOf: ExplainOptions['failureOf'],
): Explanation {
  const { name, state, tasks, type } = connector
  const own = pipelines.filter(one => one.source === name || one.sink === name)
  const hop = own
    .flatMap(({ hops }) => hops.filter(one => one.hop === (type === 'sink' ? 'sink' : 'source')))
    .find(one => one.state !== 'ok')
  const around = own.find(one => one.state !== 'ok')
  const found: Pick<HopReport, 'cause' | 'command' | 'rule' | 'state'> | undefined = rootOf(hop, around)
  const each = tasks.map(task => `task ${task.id} is ${task.state}`).join(', ') || 'it has no task'
  return {
    ...{ name, kind: 'connector', state: found?.state ?? 'ok', why: found?.cause ?? null },
    ...{ command: found?.command ?? null, rule: found?.rule ?? null },
    what: `the ${type} ${name} is ${state}, ${each}; it belongs to ${count(own.length, 'pipeline')}`,
    innermost: failureOf(connector) ?? null,
  }
}

function rootOf(hop: HopReport | undefined, around: PipelineReport | undefined) {
  return around ?? hop
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`
}
