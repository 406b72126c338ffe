import { readOf } from '../health/unread.ts'
import type { VerifyReport } from '../verify/verify-report.ts'
import type { RestartCount } from './heal/restart-counts.ts'
import { type MetricName, metrics, stateValues } from './metrics-catalogue.ts'
import type { Observation } from './watch/observation.ts'

export interface MetricsInput {
  /** undefined: nothing was seen yet. */
  readonly observation: Observation | undefined
  readonly verified: { readonly atMs: number; readonly report: VerifyReport } | undefined
  readonly watchers: number
  /** Of the watcher that restarts; empty where none runs. */
  readonly counts: readonly RestartCount[]
  readonly nowMs: number
}

interface Sample {
  readonly name: MetricName
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Pure: the text that Prometheus reads. What is not known is left out, it is not 0. */
export function formatMetrics(input: MetricsInput): string {
  const samples = samplesOf(input)
  return Object.entries(metrics)
    .map(([name, { type, help }]) => {
      const own = samples.filter(sample => sample.name === name)
      if (own.length === 0) return ''
      const lines = own.map(({ labels, value }) => `${name}${labelsOf(labels)} ${value}\n`)
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}

function samplesOf({ observation, verified, watchers, counts, nowMs }: MetricsInput): readonly Sample[] {
  return [
    ...(observation ? observed(observation, nowMs) : []),
    ...(verified?.report.tables ?? []).flatMap(({ pipeline, table, missing, extra, different, error }) => [
      ...(error === undefined
        ? sample('tributary_verify_different_rows', missing.length + extra.length + different.length, {
            pipeline,
            table,
          })
        : []),
      ...sample('tributary_verify_failed', Number(error !== undefined), { pipeline, table }),
      ...sample('tributary_verify_age_seconds', (nowMs - (verified?.atMs ?? nowMs)) / 1000, {
        pipeline,
        table,
      }),
    ]),
    ...counts.flatMap(({ connector, restarts, mended, isLeft }) => [
      ...sample('tributary_watcher_restarts_total', restarts, { connector }),
      ...sample('tributary_watcher_mended_total', mended, { connector }),
      ...sample('tributary_watcher_left', Number(isLeft), { connector }),
    ]),
    ...sample('tributary_console_watchers', watchers),
  ]
}

function observed(observation: Observation, nowMs: number): readonly Sample[] {
  const { snapshot, brokers, tookMs } = observation
  return [
    ...sample('tributary_connect_up', Number(snapshot.connectors.kind === 'read')),
    ...brokers.flatMap(({ name, isUp }) => sample('tributary_broker_up', Number(isUp), { broker: name })),
    ...connectorSamples(observation),
    ...pipelineSamples(observation),
    ...topicSamples(observation),
    ...slotSamples(observation),
    ...sample('tributary_console_look_seconds', tookMs / 1000),
    ...sample('tributary_console_look_age_seconds', (nowMs - snapshot.atMs) / 1000),
  ]
}

function connectorSamples({ snapshot }: Observation): readonly Sample[] {
  return (readOf(snapshot.connectors) ?? []).flatMap(({ name: connector, state, tasks }) => [
    ...sample('tributary_connector_paused', Number(state === 'PAUSED' || state === 'STOPPED'), { connector }),
    ...sample('tributary_connector_failed', Number(state === 'FAILED'), { connector }),
    ...tasks.flatMap(({ id, state: taskState }) =>
      sample('tributary_connector_task_failed', Number(taskState === 'FAILED'), {
        ...{ connector, task: String(id) },
      }),
    ),
  ])
}

function pipelineSamples({ report }: Observation): readonly Sample[] {
  return report.pipelines.flatMap(({ name: pipeline, state, hops, tables, ...rest }) => [
    ...sample('tributary_pipeline_state', stateValues[state], { pipeline }),
    ...hops.flatMap(({ hop, state: hopState }) =>
      sample('tributary_hop_state', stateValues[hopState], { pipeline, hop }),
    ),
    ...sample('tributary_sink_lag_seconds', rest.lagSeconds, { pipeline }),
    ...sample('tributary_warehouse_freshness_seconds', rest.freshnessSeconds, { pipeline }),
    ...tables.flatMap(({ table, topic, sourceChanges, targetChanges, lagRecords }) => {
      const labels = { pipeline, table: table ?? topic }
      return [
        ...sample('tributary_sink_lag_records', lagRecords, labels),
        ...sample('tributary_rows_changed_total', sourceChanges, labels),
        ...sample('tributary_rows_landed_total', targetChanges, labels),
      ]
    }),
  ])
}

function topicSamples({ snapshot }: Observation): readonly Sample[] {
  const topics = Object.entries(readOf(snapshot.topics) ?? {})
  const groups = Object.entries(readOf(snapshot.groups) ?? {})
  return [
    ...topics.flatMap(([topic, { partitions, retentionMs }]) => [
      ...sample('tributary_topic_retention_seconds', retentionMs && retentionMs / 1000, { topic }),
      ...sample(
        'tributary_records_written_total',
        partitions.reduce((sum, { end }) => sum + end, 0),
        { topic },
      ),
    ]),
    ...groups.flatMap(([sink, { committed, retentionUsed }]) =>
      [...new Set(Object.keys(committed).map(topicOf))].flatMap(topic => {
        const used = Object.entries(retentionUsed).flatMap(([key, share]) =>
          topicOf(key) === topic ? share : [],
        )
        return sample('tributary_sink_retention_used_ratio', Math.max(0, ...used), { sink, topic })
      }),
    ),
  ]
}

const topicOf = (partition: string) => partition.slice(0, partition.lastIndexOf('/'))

function slotSamples({ snapshot }: Observation): readonly Sample[] {
  return Object.entries(snapshot.databases).flatMap(([source, reading]) => {
    const database = readOf(reading)
    if (!database) return []
    const { slot } = database
    return [
      ...sample('tributary_slot_lost', Number(slot === undefined || slot.walStatus === 'lost'), { source }),
      ...sample('tributary_slot_active', Number(slot?.isActive ?? false), { source }),
      ...sample('tributary_slot_retained_bytes', slot?.retainedBytes, { source }),
      ...sample('tributary_slot_limit_bytes', slot?.limitBytes, { source }),
    ]
  })
}

function sample(
  name: MetricName,
  value: number | null | undefined,
  labels: Readonly<Record<string, string>> = {},
): readonly Sample[] {
  return value === null || value === undefined ? [] : [{ name, labels, value }]
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** A name with markup or line ends in it must not end its own line. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
