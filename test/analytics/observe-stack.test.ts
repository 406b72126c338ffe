import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answersOnPort } from '../../control/system/ports.ts'
import { runProgram } from '../../control/system/run-program.ts'
import { onLoopbackOnly } from '../stack/closed-door.ts'
import { createTestStack, eventually, type TestStack, type TribResult } from '../support/trib.ts'
import { agentMetrics } from './observed-metrics.ts'

const isInstalled = async (program: string) => (await runProgram(program, ['--version'], {})).code === 0
const hasPrograms = (await isInstalled('prometheus')) && (await isInstalled('prometheus-alertmanager'))

interface Row {
  readonly service: string
  readonly state: string
  readonly port: number
  readonly detail: string
}

describe.skipIf(!hasPrograms)('a native stack with the profiles observe and bi', () => {
  let stack: TestStack
  let plain: TribResult
  let hadAgents: boolean
  let up: TribResult
  let rows: readonly Row[]

  beforeAll(async () => {
    stack = createTestStack({
      ...{ GENERATOR_HISTORY: '500', GENERATOR_RATE: '5', GENERATOR_INTERVAL_MS: '500' },
      // What the console leaves alone is an alert of its own.
      CONSOLE_RESTARTS: 'true',
    })
    plain = await stack.trib(['up', '--engine', 'native'])
    hadAgents = await answersOnPort(agentPort(), { timeoutMs: 1_000 })
    up = await stack.trib(['up', '--profile', 'observe', '--profile', 'bi'])
    rows = await stack.json(['status'])
  })
  afterAll(() => stack?.[Symbol.asyncDispose]())

  function agentPort(): number {
    const env = readFileSync(join(stack.folder, '.env'), 'utf8')
    return Number(/^KAFKA_1_JMX_PORT=(\d+)$/m.exec(env)?.[1])
  }

  async function ask<T>(path: string): Promise<T> {
    const port = rows.find(({ service }) => service === 'prometheus')?.port
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
      signal: AbortSignal.timeout(5_000),
    })
    return ((await answer.json()) as { data: T }).data
  }

  test('runs Prometheus and Alertmanager, and says why it does not run Grafana and Metabase', () => {
    const by = (name: string) => rows.find(({ service }) => service === name)

    expect({ code: up.code, error: /^[A-Z]+_[A-Z]+: .*/m.exec(up.stderr)?.[0] }).toEqual({
      code: 0,
      error: undefined,
    })
    expect([by('prometheus')?.state, by('alertmanager')?.state]).toEqual(['healthy', 'healthy'])
    expect(by('grafana')).toMatchObject({
      ...{ state: 'stopped', detail: 'not run natively: no package registry has Grafana; it runs on Docker' },
    })
    expect(by('metabase')).toMatchObject({
      ...{
        state: 'stopped',
        detail: 'not run natively: no package registry has Metabase; it runs on Docker',
      },
    })
    expect(up.stdout).toMatch(/^prometheus +http/m)
    expect(up.stdout).not.toMatch(/^(grafana|metabase|dashboard) /m)
  })

  // With the agents in brokers and workers, and with Prometheus and Alertmanager.
  onLoopbackOnly(() => stack)

  test('what has pages has a login, and what does not run is not provisioned', async () => {
    const env = readFileSync(join(stack.folder, '.env'), 'utf8')
    const logins = await Promise.all(
      ['grafana', 'metabase'].map(name =>
        stack.json<{ user: string; password: string }[]>(['credentials', name]),
      ),
    )
    const provisioned = await stack.trib(['provision', 'metabase'])

    expect(logins.flat().map(({ user }) => user)).toEqual(['admin', 'admin@tributary.example'])
    for (const { password } of logins.flat()) expect(env).toContain(`_ADMIN_PASSWORD=${password}`)
    expect(provisioned).toMatchObject({ code: 1, stdout: '' })
    expect(provisioned.stderr).toContain('STACK_NOT_RUNNING: metabase is stopped (not run natively: ')
  })

  test('a stack without the profiles has no agent; one that runs gets them, and flows again', async () => {
    expect({ code: plain.code, hadAgents }).toEqual({ code: 0, hadAgents: false })
    expect(up.stderr).toMatch(/kafka-1 started|^up in /m)
    expect(await answersOnPort(agentPort(), { timeoutMs: 1_000 })).toBe(true)
  })

  test('every target is scraped, and listens on loopback', async () => {
    interface Targets {
      readonly activeTargets: readonly {
        readonly labels: { readonly service: string }
        readonly health: string
      }[]
    }
    const look = async () => {
      const { activeTargets } = await ask<Targets>('targets')
      return activeTargets.every(({ health }) => health === 'up') ? activeTargets : undefined
    }

    const targets = await eventually('every target to be up', look, { deadlineMs: 30_000, intervalMs: 500 })

    const names = targets.map(({ labels }) => labels.service)
    expect(names).toEqual(expect.arrayContaining(['kafka-1', 'kafka-2', 'kafka-3', 'connect']))
    const config = readFileSync(join(stack.folder, 'observe', 'prometheus.yml'), 'utf8')
    expect(config.match(/- \S+:\d+$/gm)?.filter(line => !line.startsWith('- 127.0.0.1:'))).toEqual([])
  })

  test('the agents tell every metric that their settings name, once for each thing', async () => {
    const look = async () => {
      const names = await ask<readonly string[]>('label/__name__/values')
      return agentMetrics().every(name => names.includes(name)) ? names : undefined
    }

    await eventually('every metric of the agents', look, { deadlineMs: 60_000, intervalMs: 1_000 })

    const { result } = await ask<{ result: readonly { metric: Record<string, string> }[] }>(
      'query?query=debezium_behind_source_seconds',
    )
    expect(result.map(({ metric }) => metric['server']).sort()).toEqual(['community-db', 'sites-db'])
  })

  test('Prometheus evaluates the rules, and knows whom to tell', async () => {
    const { groups } = await ask<{ groups: readonly { rules: readonly { health: string }[] }[] }>('rules')
    const { activeAlertmanagers } = await ask<{ activeAlertmanagers: readonly unknown[] }>('alertmanagers')

    expect(new Set(groups.flatMap(({ rules }) => rules.map(({ health }) => health)))).toEqual(new Set(['ok']))
    expect(activeAlertmanagers).toHaveLength(1)
  })

  interface Alert {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
    readonly status: { readonly state: string }
  }

  /** What Alertmanager has of the sink, by the name of the alert. */
  async function alertsOfSink(): Promise<ReadonlyMap<string, Alert>> {
    const port = rows.find(({ service }) => service === 'alertmanager')?.port
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
      signal: AbortSignal.timeout(5_000),
    })
    const alerts = (await answer.json()) as readonly Alert[]
    return new Map(
      alerts
        .filter(({ labels }) => labels['connector'] === 'warehouse-sink')
        .map(one => [one.labels['alertname'] ?? '', one] as const),
    )
  }

  test('a sink that lost a right becomes an alert with the command, which ends when it is mended', async () => {
    const isNothing = async () => ((await alertsOfSink()).size === 0 ? true : undefined)
    await eventually('no alert of the sink', isNothing, { deadlineMs: 30_000, intervalMs: 500 })
    await stack.sql('warehouse', 'revoke insert on "SitesUsers" from sink')

    const alerts = await eventually(
      'Alertmanager to have what the rules say',
      async () => {
        const found = await alertsOfSink()
        return found.has('WatcherLeft') && found.has('TaskFailed') ? found : undefined
      },
      { deadlineMs: 120_000, intervalMs: 500 },
    )

    expect(alerts.get('WatcherLeft')).toMatchObject({
      labels: { severity: 'critical', connector: 'warehouse-sink' },
      annotations: { command: 'npx trib explain warehouse-sink' },
    })
    await eventually(
      'the advice to restart it to be silent',
      async () =>
        (await alertsOfSink()).get('TaskFailed')?.status.state === 'suppressed' ? true : undefined,
      { deadlineMs: 20_000, intervalMs: 500 },
    )
    await stack.sql('warehouse', 'grant insert on "SitesUsers" to sink')
    expect((await stack.trib(['restart', 'warehouse-sink', '--tasks', 'failed'])).code).toBe(0)
    await eventually('the alerts to end', isNothing, { deadlineMs: 90_000, intervalMs: 500 })
  })
})
