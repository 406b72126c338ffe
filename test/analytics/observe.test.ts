import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeObserveFiles } from '../../control/stack/observe.ts'
import { generateSettings } from '../../control/stack/settings.ts'
import { runProgram } from '../../control/system/run-program.ts'
import { root } from '../support/trib.ts'
import { read } from '../unit/topology/read.ts'
import { dashboardSchema, queriesOf } from './dashboard.ts'
import { knownMetrics, metricsIn } from './observed-metrics.ts'
import { succeed } from './python.ts'

const observe = join(root, 'analytics', 'observe')
const rules: { groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[] } =
  parse(readFileSync(join(observe, 'rules.yml'), 'utf8'))
const alerts = rules.groups.flatMap(group => group.rules)
const dashboardText = readFileSync(join(observe, 'grafana', 'dashboards', 'tributary.json'), 'utf8')
const dashboard = dashboardSchema.parse(JSON.parse(dashboardText))

const isInstalled = async (program: string) => (await runProgram(program, ['--version'], {})).code === 0
const [hasPromtool, hasAmtool] = await Promise.all([isInstalled('promtool'), isInstalled('amtool')])
if (!hasPromtool || !hasAmtool)
  process.stderr.write(
    'alert rules are not run: promtool or amtool is missing; on Debian and Ubuntu: apt-get install prometheus prometheus-alertmanager\n',
  )

describe('what is watched', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tributary-observe-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.skipIf(!hasPromtool)('each alert fires when it should and is silent when it should', async () => {
    await succeed('promtool', ['test', 'rules', join(observe, 'rules.test.yml')])

    const tested: { tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[] } = parse(
      readFileSync(join(observe, 'rules.test.yml'), 'utf8'),
    )
    const cases = tested.tests.flatMap(one => one.alert_rule_test)
    const named = (isFiring: boolean) =>
      new Set(cases.filter(one => one.exp_alerts.length > 0 === isFiring).map(one => one.alertname))
    const names = new Set(alerts.map(({ alert }) => alert))
    expect(named(true)).toEqual(names)
    expect(named(false)).toEqual(names)
  })

  test.skipIf(!hasPromtool || !hasAmtool)(
    'the files that a stack gets are taken by the programs',
    async () => {
      const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
      const environment = generateSettings({ portBase: 27_100, project: 'tributary' })
      const topology = read(compose, { environment, profiles: ['observe', 'two-workers'] })
      const stack = { name: 'x', id: 'x', root, folder, envFile: '', composeFile: '' }

      writeObserveFiles(stack, topology)

      await succeed('promtool', ['check', 'config', join(folder, 'observe', 'prometheus.yml')])
      await succeed('amtool', ['check-config', join(folder, 'observe', 'alertmanager.yml')])
    },
  )

  test('every alert names the command that goes on from there', () => {
    for (const { annotations } of alerts) {
      expect(annotations['summary']).toMatch(/\.$/)
      expect(annotations['command']).toMatch(/^(npx trib [a-z]+|npm run up)/)
    }
  })

  test.skipIf(!hasPromtool)('every query of the dashboard parses', async () => {
    const records = queriesOf(dashboard).map(({ expr }, index) => ({
      record: `query_${index}`,
      // What Grafana puts in.
      expr: expr.replaceAll('$__rate_interval', '1m'),
    }))
    const file = join(folder, 'queries.yml')
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: records }] }))

    expect(records.length).toBeGreaterThan(20)
    expect(await succeed('promtool', ['check', 'rules', file])).toContain(`${records.length} rules found`)
  })

  test('every metric that a query or a rule reads is told by somebody', () => {
    const known = knownMetrics()
    const read = [...queriesOf(dashboard), ...alerts].flatMap(({ expr }) => metricsIn(expr))

    expect(read).toContain('tributary_warehouse_freshness_seconds')
    expect([...new Set(read)].filter(name => !known.has(name))).toEqual([])
  })

  test('every panel has a unit, says what it shows, and stands beside the others', () => {
    const panels = dashboard.panels.filter(({ type }) => type !== 'row')
    for (const { title, description, fieldConfig, targets } of panels) {
      expect([title, fieldConfig?.defaults.unit]).toEqual([title, expect.stringMatching(/^[a-zA-Z]+$/)])
      expect([title, description?.length]).not.toEqual([title, undefined])
      expect([title, targets.length]).not.toEqual([title, 0])
    }
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      [...Array(w * h).keys()].map(index => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })

  test('every query goes to the data source that is provisioned, named by its uid', () => {
    const provisioned = parse(readFileSync(join(observe, 'grafana', 'datasources', 'prometheus.yml'), 'utf8'))
    const [source] = provisioned.datasources
    const used = [...dashboard.panels, ...queriesOf(dashboard)].flatMap(({ datasource }) => datasource ?? [])

    expect(new Set(used.map(({ uid, type }) => `${type} ${uid}`))).toEqual(
      new Set([`${source.type} ${source.uid}`]),
    )
  })
})
