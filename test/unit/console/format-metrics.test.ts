import { expect, test } from 'vitest'
import { formatMetrics } from '../../../control/console/format-metrics.ts'
import { metrics } from '../../../control/console/metrics-catalogue.ts'
import type { Observation } from '../../../control/console/watch/observation.ts'
import { judge } from '../../../control/health/judge.ts'
import type { VerifyReport } from '../../../control/verify/verify-report.ts'
import { withoutConnect, worldOf } from '../../support/console/worlds.ts'

const nowMs = Date.UTC(2026, 0, 5, 12)
const name = 'sh"op\n\\'

function seen(snapshot = worldOf([name], { atMs: nowMs - 2_000 })): Observation {
  const brokers = [{ name: 'kafka-1', address: '127.0.0.1:1', isUp: false }]
  return { snapshot, report: judge(snapshot), flows: [], brokers, tookMs: 120 }
}

const table = {
  ...{ table: 'sales.Orders', pipeline: 'shop', rows: 5, seconds: 1, repaired: 0, equal: false, exit: 4 },
  ...{ missing: ['1'], extra: ['2', '3'], different: [], unsettled: [] },
  ...{ missingColumns: [], extraColumns: [], leftOutColumns: [], droppedColumns: [] },
}
const counts = [{ connector: 'lake', restarts: 3, mended: 1, isLeft: true }]
const report: VerifyReport = { equal: false, sampled: false, seconds: 1, explanations: [], tables: [table] }

test('every metric of the catalogue is measured where all can be seen', () => {
  const text = formatMetrics({
    ...{ observation: seen(), nowMs, watchers: 2, counts },
    verified: { atMs: nowMs - 60_000, report },
  })

  const named = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, metric]) => metric))
  expect([...named].sort()).toEqual(Object.keys(metrics).sort())
  expect(text).toContain('tributary_verify_different_rows{pipeline="shop",table="sales.Orders"} 3\n')
  expect(text).toContain('tributary_verify_age_seconds{pipeline="shop",table="sales.Orders"} 60\n')
  expect(text).toContain('tributary_broker_up{broker="kafka-1"} 0\n')
  expect(text).toContain('tributary_watcher_restarts_total{connector="lake"} 3\n')
  expect(text).toContain('tributary_console_look_age_seconds 2\n')
})

test('a name with quotes, line ends and backslashes stays one label', () => {
  const text = formatMetrics({ observation: seen(), verified: undefined, watchers: 0, counts: [], nowMs })

  expect(text).toContain('tributary_pipeline_state{pipeline="sh\\"op\\n\\\\"} ')
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) |tributary_\w+(\{.*\})? -?[\d.e+]+$)/)
})

test('what could not be read has no sample', () => {
  const text = formatMetrics({
    ...{
      observation: seen({ ...withoutConnect(), atMs: nowMs }),
      verified: undefined,
      watchers: 0,
      counts: [],
      nowMs,
    },
  })

  expect(text).toContain('tributary_connect_up 0\n')
  expect(text).not.toContain('tributary_pipeline_state')
  expect(formatMetrics({ observation: undefined, verified: undefined, watchers: 0, counts: [], nowMs })).toBe(
    `# HELP tributary_console_watchers Pages that are open\n# TYPE tributary_console_watchers gauge\ntributary_console_watchers 0\n`,
  )
})
