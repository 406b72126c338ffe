import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { secretNames } from '../../control/stack/settings.ts'
import { launchOf, pidsOf, withChildren } from '../faults/processes.ts'
import { listenersOf } from '../support/listeners.ts'
import type { TestStack } from '../support/trib.ts'

/** Who can reach a stack, with whatever profiles it runs. */
export function onLoopbackOnly(of: () => TestStack): void {
  test('every socket that a process of the stack listens on is of loopback, and one of its ports', async () => {
    const pids = pidsOf(of().folder)
    const found = listenersOf(withChildren(Object.values(pids)))

    expect(found.filter(({ address }) => address !== '127.0.0.1' && address !== '::1')).toEqual([])
    expect([...new Set(found.map(({ port }) => port))].sort()).toEqual(
      portsOf(Object.keys(pids)).map(portIn(of())).sort(),
    )
  })
}

/** What holds of every stack that runs natively, as seen from outside: who can reach it, and where its passwords are. */
export function closedDoor(of: () => TestStack): void {
  const secrets = () => secretNames.map(name => [name, settingsOf(of()).get(name) ?? ''] as const)
  const secretsIn = (text: string | Buffer) =>
    secrets().flatMap(([name, secret]) => (text.includes(secret) ? [name] : []))
  const portOf = (name: string) => portIn(of())(name)

  test('what listens on every address of the machine is seen by that look', async () => {
    const open = createServer().listen(0)
    await new Promise(resolve => open.once('listening', resolve))

    const addresses = listenersOf([process.pid]).map(({ address }) => address)
    open.close()

    expect(addresses.some(address => /^0+$|^0\.0\.0\.0$/.test(address))).toBe(true)
  })

  test("every password is long, its own, and in a file that is its owner's alone", () => {
    const values = secrets().map(([, secret]) => secret)

    expect(values.filter(secret => !/^[A-Za-z0-9]{32}$/.test(secret))).toEqual([])
    expect(new Set(values).size).toBe(secretNames.length)
    expect(statSync(join(of().folder, '.env')).mode & 0o777).toBe(0o600)
  })

  test('no process has a password among its arguments, and only those that need one have it in their environment', () => {
    const all = readdirSync('/proc').filter(name => /^\d+$/.test(name))
    const pids = pidsOf(of().folder)
    const environments = Object.entries(pids).map(([service, pid]) => [
      service,
      secretsIn(Object.values(launchOf(pid).env).join('\n')),
    ])

    expect(all.flatMap(pid => secretsIn(readIfThere(`/proc/${pid}/cmdline`)))).toEqual([])
    expect(Object.fromEntries(environments.filter(([, names]) => names?.length))).toEqual({
      connect: ['COMMUNITY_DB_DEBEZIUM_PASSWORD', 'SITES_DB_DEBEZIUM_PASSWORD', 'WAREHOUSE_SINK_PASSWORD'],
      'community-generator': ['COMMUNITY_DB_GENERATOR_PASSWORD'],
      'sites-generator': ['SITES_DB_GENERATOR_PASSWORD'],
      console: ['COMMUNITY_DB_CONSOLE_PASSWORD', 'SITES_DB_CONSOLE_PASSWORD', 'WAREHOUSE_CONSOLE_PASSWORD'],
    })
  })

  test('no file of the stack holds a password but its env file: no log, topic, table or history', () => {
    const { folder } = of()
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => {
      // Kafka's indexes are numbers in large files that are mostly holes.
      const path = join(folder, file)
      return file !== '.env' && !/index$/.test(file) && existsSync(path) && statSync(path).isFile()
    })

    expect(files.some(file => file.endsWith('.log'))).toBe(true)
    expect(
      files.flatMap(file => secretsIn(readFileSync(join(folder, file))).map(name => `${name} in ${file}`)),
    ).toEqual([])
    const configs = files.filter(file => /^history\//.test(file))
    expect(configs.length).toBeGreaterThan(0)
    expect(configs.filter(file => (statSync(join(folder, file)).mode & 0o077) !== 0)).toEqual([])
  })

  test('neither Connect nor the console answers with a password', async () => {
    const connect = `http://127.0.0.1:${portOf('CONNECT_PORT')}`
    const consoleUrl = `http://127.0.0.1:${portOf('CONSOLE_PORT')}`
    const names = ['community-source', 'sites-source', 'warehouse-sink']
    const paths = [
      ...['', '/connectors?expand=info&expand=status', '/connector-plugins', '/admin/loggers'].map(
        path => connect + path,
      ),
      ...names.flatMap(name =>
        ['', '/config', '/status', '/tasks', '/topics', '/offsets'].map(
          path => `${connect}/connectors/${name}${path}`,
        ),
      ),
      ...[
        '/',
        '/healthz',
        '/metrics',
        '/api/health',
        '/api/connectors',
        '/api/pipelines',
        '/api/activity',
        '/api/verify',
        '/api/jobs',
        '/api/questions',
      ].map(path => consoleUrl + path),
    ]

    for (const path of paths) {
      const answer = await fetch(path, { signal: AbortSignal.timeout(10_000) })
      expect([answer.status, secretsIn(await answer.text())], path).toEqual([200, []])
    }
    for (const name of names) {
      const config = (await (await fetch(`${connect}/connectors/${name}/config`)).json()) as Record<
        string,
        string
      >
      const asked = await fetch(`${connect}/connector-plugins/${config['connector.class']}/config/validate`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(config),
      })
      expect([asked.status, secretsIn(await asked.text())]).toEqual([200, []])
    }
  })

  test.each([
    ...[
      'status',
      'get connectors',
      'get pipelines',
      'get plugins',
      'get topics',
      'get offsets',
      'get slots',
      'get dlq',
    ],
    ...[
      'describe warehouse-sink',
      'describe pipeline sites-source',
      'explain warehouse-sink',
      'export warehouse-sink',
    ],
    ...[
      'diff -f connectors/moodle',
      'validate -f connectors/moodle',
      'history',
      'health',
      'doctor',
      'verify',
      'up',
    ],
    ...[
      'logs connect --tail 500',
      'logs warehouse --tail 500',
      'config get-contexts',
      'sql warehouse nonsense',
    ],
  ])('trib %s prints no password, with --debug neither', async args => {
    const { stdout, stderr } = await of().trib([...args.split(' '), '--debug', '-o', 'json'])

    expect(stdout + stderr).not.toBe('')
    expect(secretsIn(stdout + stderr)).toEqual([])
  })

  test('trib credentials prints those of the service that was asked for, and no others', async () => {
    const { stdout } = await of().trib(['credentials', 'warehouse'])

    expect(secretsIn(stdout).sort()).toEqual(
      [
        'WAREHOUSE_PASSWORD',
        'WAREHOUSE_SINK_PASSWORD',
        'WAREHOUSE_DASHBOARD_PASSWORD',
        'WAREHOUSE_CONSOLE_PASSWORD',
      ].sort(),
    )
  })
}

function settingsOf({ folder }: TestStack): ReadonlyMap<string, string> {
  const lines = readFileSync(join(folder, '.env'), 'utf8').matchAll(/^(\w+)=(.*)$/gm)
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]))
}

const portIn = (stack: TestStack) => (name: string) => Number(settingsOf(stack).get(name))

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The variables of the ports that these services have. */
function portsOf(services: readonly string[]): readonly string[] {
  const hasAgents = services.includes('prometheus')
  return services.flatMap(service => {
    const name = service.toUpperCase().replaceAll('-', '_')
    const agent = hasAgents && /^(KAFKA|CONNECT)/.test(name) ? [`${name}_JMX_PORT`] : []
    return name.startsWith('KAFKA')
      ? [`${name}_PORT`, `${name}_INTERNAL_PORT`, `${name}_CONTROLLER_PORT`, ...agent]
      : [`${name}_PORT`, ...agent]
  })
}
