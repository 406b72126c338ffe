/** What Prometheus reads at `/metrics`; the page METRICS.md is written from this table. */

export type MetricType = 'gauge' | 'counter'

export interface Metric {
  readonly type: MetricType
  readonly labels: readonly string[]
  readonly help: string
}

export const metrics = {
  tributary_pipeline_state: gauge(['pipeline'], 'State of a pipeline, the worst of its hops'),
  tributary_hop_state: gauge(['pipeline', 'hop'], 'State of one hop of a pipeline'),
  tributary_connect_up: gauge([], '1 when Kafka Connect answers'),
  tributary_connector_paused: gauge(['connector'], '1 when a connector is paused or stopped'),
  tributary_connector_failed: gauge(['connector'], '1 when a connector itself, not only a task, has failed'),
  tributary_connector_task_failed: gauge(['connector', 'task'], '1 when a task has failed'),
  tributary_broker_up: gauge(['broker'], '1 when a broker takes connections'),
  tributary_topic_retention_seconds: gauge(['topic'], 'How long a topic keeps its records'),
  tributary_sink_lag_records: gauge(
    ['pipeline', 'table'],
    'Records of a table that the sink has not confirmed',
  ),
  tributary_sink_lag_seconds: gauge(['pipeline'], 'How late the sink is at most; 0 when nothing waits'),
  tributary_sink_retention_used_ratio: gauge(
    ['sink', 'topic'],
    'Of what is not read yet, how much of its retention the oldest record has lived: 0 (less than 0.7), 0.7 or 0.9',
  ),
  tributary_slot_active: gauge(['source'], '1 when somebody reads the replication slot'),
  tributary_slot_retained_bytes: gauge(['source'], 'WAL that is kept for the replication slot'),
  tributary_slot_limit_bytes: gauge(
    ['source'],
    'WAL after which the slot is lost; none when there is no limit',
  ),
  tributary_slot_lost: gauge(['source'], '1 when the slot is lost or missing'),
  tributary_warehouse_freshness_seconds: gauge(
    ['pipeline'],
    'Age of the newest heartbeat of the source that has landed',
  ),
  tributary_rows_changed_total: counter(
    ['pipeline', 'table'],
    'Rows inserted, updated and deleted in a source',
  ),
  tributary_records_written_total: counter(['topic'], 'Records ever written to a topic'),
  tributary_rows_landed_total: counter(
    ['pipeline', 'table'],
    'Rows inserted, updated and deleted in the warehouse',
  ),
  tributary_verify_different_rows: gauge(
    ['pipeline', 'table'],
    'Rows that the last verification found missing, extra or different',
  ),
  tributary_verify_failed: gauge(
    ['pipeline', 'table'],
    '1 when the last verification could not compare the table',
  ),
  tributary_verify_age_seconds: gauge(
    ['pipeline', 'table'],
    'Time since the last verification; none before the first',
  ),
  tributary_watcher_restarts_total: counter(['connector'], 'Restarts of failed tasks by the watcher'),
  tributary_watcher_mended_total: counter(
    ['connector'],
    'Failures that were over after a restart by the watcher',
  ),
  tributary_watcher_left: gauge(
    ['connector'],
    '1 when a connector has failed and the watcher does nothing more about it',
  ),
  tributary_console_look_seconds: gauge([], 'How long the last look at everything took'),
  tributary_console_look_age_seconds: gauge([], 'How old what is said here is'),
  tributary_console_watchers: gauge([], 'Pages that are open'),
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof metrics

/** Not the order of badness, but what alert rules compare with: `>= 1` is not well. */
export const stateValues = { ok: 0, degraded: 1, failed: 2, unknown: 3 } as const

function gauge(labels: readonly string[], help: string): Metric {
  return { type: 'gauge', labels, help }
}

function counter(labels: readonly string[], help: string): Metric {
  return { type: 'counter', labels, help }
}

/** The text of METRICS.md. */
export function metricsPage(): string {
  const rows = Object.entries(metrics).map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map(label => `\`${label}\``).join(', ')} | ${help} |`,
  )
  const states = Object.entries(stateValues).map(([state, value]) => `${value} ${state}`)
  return [
    '# Metrics of the console\n',
    'Generated from `metrics-catalogue.ts`. `GET /metrics` of the console, in the text format of Prometheus.',
    `States are ${states.join(', ')}. What could not be read has no sample: a rule about it needs \`absent()\`.`,
    '`source` and `sink` are names of connectors, `table` is SCHEMA.TABLE as the source has it.\n',
    '| metric | type | labels | what |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
