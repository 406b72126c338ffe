import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, renameSync } from 'node:fs'
import { Kafka, logLevel } from 'kafkajs'
import { GenericContainer } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestStack, eventually, root, type TestStack, type TribResult } from '../support/trib.ts'
import { untilWorkersShare } from '../support/workers.ts'
import { hasEngine } from './has-engine.ts'

const topic = 'community-db.public.CommunityUsers'
const docker = (...args: readonly string[]) =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

const mebi = 1024 * 1024
const limitMemory = (id: string, bytes: number) =>
  docker('update', '--memory', String(bytes), '--memory-swap', String(bytes), id)
/** As `282.6MiB / 1GiB`; pages that only hold a file are not counted. */
function memoryInUse(id: string): number {
  const [number = '', unit = ''] =
    /^([\d.]+)([KMG])iB/.exec(docker('stats', '--no-stream', '--format', '{{.MemUsage}}', id))?.slice(1) ?? []
  return Number(number) * 1024 ** (1 + 'KMG'.indexOf(unit))
}

describe.skipIf(!hasEngine)('the stack on Docker', () => {
  let stack: TestStack
  let up: TribResult
  let project: string

  beforeAll(async () => {
    stack = createTestStack({ GENERATOR_RATE: '2', GENERATOR_INTERVAL_MS: '500' })
    up = await stack.trib(['up', '--engine', 'docker'])
    project = /COMPOSE_PROJECT_NAME=(.*)/.exec(readFileSync(`${stack.folder}/.env`, 'utf8'))?.[1] ?? ''
  })

  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
  })

  const container = (service: string) => `${project}-${service}-1`
  const port = async (service: string) => {
    const status = await stack.json<{ service: string; port: number }[]>(['status'])
    return status.find(one => one.service === service)?.port ?? 0
  }
  const insert = async (email: string) => {
    const [row] = await stack.sql<{ id: string }>(
      'community-db',
      `insert into "CommunityUsers" (email, username, registration_timestamp) values ('${email}', 'x', now()) returning id`,
    )
    return row?.id ?? ''
  }
  const landed = (id: string) =>
    eventually(
      `row ${id} in the warehouse`,
      async () => {
        const rows = await stack.sql('warehouse', `select email from "CommunityUsers" where id = ${id}`)
        return rows.length === 1 ? true : undefined
      },
      { deadlineMs: 90_000, intervalMs: 200 },
    )
  /** Ends the main process as a crash would; `docker kill` counts as stopped by hand and is not restarted. */
  const crash = (service: string) => {
    const pid = docker('inspect', '--format', '{{.State.Pid}}', container(service))
    process.kill(Number(pid), 'SIGKILL')
  }
  const restarted = (service: string) =>
    eventually(
      `${service} to be restarted by its policy`,
      async () => {
        const seen = docker(
          'inspect',
          '--format',
          '{{.RestartCount}} {{.State.Health.Status}}',
          container(service),
        )
        return /^[1-9]\d* healthy$/.test(seen) ? seen : undefined
      },
      { deadlineMs: 120_000, intervalMs: 500 },
    )

  test('up brings the whole history into the warehouse within two minutes', () => {
    expect(up.stderr).not.toMatch(/^[A-Z]+(_[A-Z]+)+: /m)
    expect(up.code).toBe(0)
    expect(up.stdout).toMatch(/WEEK +SITES_REGISTERED +SITES_TOTAL/)
    process.stdout.write(`up on Docker, to the last history row: ${up.seconds.toFixed(1)} s\n`)
    expect(up.seconds).toBeLessThan(120)
  })

  test('the console serves its page, and knows the services beside it', async () => {
    const url = `http://127.0.0.1:${await port('console')}`
    const page = await fetch(url)
    const services = (await (await fetch(`${url}/api/status`)).json()) as { service: string; state: string }[]

    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining('<title>Tributary</title>'),
    ])
    expect(services.map(({ service, state }) => `${service} ${state}`)).toEqual(
      ['kafka-1', 'kafka-2', 'kafka-3', 'connect', 'community-db', 'sites-db', 'warehouse'].map(
        service => `${service} healthy`,
      ),
    )
  })

  test('up again changes nothing', async () => {
    const again = await stack.trib(['up'])

    expect(again.stderr).toContain('everything was running already; nothing changed')
  })

  test('the warehouse knows each task of the sink by a name', async () => {
    const tasks = await stack.sql('warehouse', 'select distinct sink from tributary.sink_tasks')

    expect(tasks).toEqual([{ sink: 'warehouse-sink' }])
  })

  test('a row goes from the source to the view', async () => {
    const before = await stack.sql<{ total: string }>(
      'warehouse',
      'select admins_total as total from admin_overlap order by week desc limit 1',
    )
    const email = 'one.and.only@example.org'
    await landed(await insert(email))
    await stack.trib([
      'sql',
      'sites-db',
      `insert into "SitesUsers" (admin_email, username, registration_timestamp) values (' ONE.and.only@example.org ', 's', now())`,
    ])

    await eventually('one administrator more', async () => {
      const rows = await stack.sql<{ admin: boolean }>(
        'warehouse',
        `select exists (select from "CommunityUsers" c join "SitesUsers" s on lower(btrim(c.email)) = lower(btrim(s.admin_email))
         where c.email = '${email}') as admin`,
      )
      return rows[0]?.admin ? true : undefined
    })
    const after = await stack.sql<{ total: string }>(
      'warehouse',
      'select admins_total as total from admin_overlap order by week desc limit 1',
    )
    expect(Number(after[0]?.total)).toBeGreaterThan(Number(before[0]?.total) - 10)
  })

  test('a consumer on the host reads the topic through the published port', async () => {
    const kafka = new Kafka({
      clientId: 'test',
      brokers: [`127.0.0.1:${await port('kafka-1')}`],
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: `test-${project}` })
    await consumer.connect()
    try {
      const value = await new Promise<string>((resolve, reject) => {
        consumer
          .subscribe({ topic, fromBeginning: true })
          .then(() =>
            consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString() ?? '') }),
          )
          .catch(reject)
      })
      expect(JSON.parse(value).payload).toHaveProperty('email')
    } finally {
      await consumer.disconnect()
    }
  })

  test('a consumer in a container reads the topic through the names of the network', async () => {
    const env = readFileSync(`${stack.folder}/.env`, 'utf8')
    const internal = /KAFKA_2_INTERNAL_PORT=(\d+)/.exec(env)?.[1]
    const lines: string[] = []
    const consumer = await new GenericContainer('apache/kafka:4.3.1')
      .withNetworkMode(`${project}_default`)
      .withEntrypoint(['/opt/kafka/bin/kafka-console-consumer.sh'])
      .withCommand([
        '--bootstrap-server',
        `kafka-2:${internal}`,
        '--topic',
        topic,
        '--from-beginning',
        '--max-messages',
        '5',
      ])
      .withLogConsumer(stream => {
        stream.on('data', line => lines.push(String(line)))
      })
      .start()
    try {
      await eventually(
        'five records',
        async () => (lines.filter(line => line.includes('"payload"')).length >= 5 ? true : undefined),
        {
          deadlineMs: 60_000,
        },
      )
    } finally {
      await consumer.stop()
    }
  })

  test('a broker that crashes is restarted by its policy, and no row is lost', async () => {
    crash('kafka-2')
    const id = await insert('while.a.broker.is.away@example.org')

    await landed(id)
    await restarted('kafka-2')
  })

  test('a Connect worker that crashes is restarted by its policy, and no row is lost', async () => {
    crash('connect')
    const id = await insert('while.connect.is.away@example.org')

    await restarted('connect')
    await landed(id)
  })

  test('every process killed at once, then up: all healthy again, and no row is lost', async () => {
    const id = await insert('just.before.the.crash@example.org')
    for (const service of [
      'kafka-1',
      'kafka-2',
      'kafka-3',
      'connect',
      'community-db',
      'sites-db',
      'warehouse',
    ])
      crash(service)
    crash('community-generator')
    crash('sites-generator')

    const again = await stack.trib(['up'])
    expect(again.code, again.stderr).toBe(0)
    await landed(id)
  })

  test('the network between Connect and the warehouse is cut: it is said, rows wait, and land when it is back', async () => {
    const network = `${project}_default`
    docker('network', 'disconnect', network, container('warehouse'))
    const id = await insert('while.the.network.is.cut@example.org')
    const seen = await eventually(
      'health to say it',
      async () => {
        const { stdout } = await stack.trib(['health', '-o', 'json'])
        const { state, pipelines } = JSON.parse(stdout)
        return state === 'failed' ? pipelines[0] : undefined
      },
      { deadlineMs: 90_000, intervalMs: 500 },
    )
    docker('network', 'connect', '--alias', 'warehouse', network, container('warehouse'))

    expect(seen.cause).toMatch(/warehouse/)
    await landed(id)
  })

  test('a worker that passes its memory limit is ended and restarted by its policy, and no row is lost', async () => {
    const worker = container('connect')
    const limit = docker('inspect', '--format', '{{.HostConfig.Memory}}', worker)
    const before = docker('inspect', '--format', '{{.RestartCount}}', worker)
    const id = await insert('while.memory.is.short@example.org')
    // Not below what is in use, which an engine may refuse: a second process takes the rest, and the kernel ends the largest.
    limitMemory(worker, memoryInUse(worker) + 64 * mebi)
    const hungry = spawn('docker', ['exec', worker, 'tail', '/dev/zero'], { stdio: 'ignore' })
    await eventually(
      'the worker to be ended',
      async () => (docker('inspect', '--format', '{{.RestartCount}}', worker) === before ? undefined : true),
      { deadlineMs: 60_000, intervalMs: 500 },
    )
    hungry.kill()
    limitMemory(worker, Number(limit))

    await restarted('connect')
    await landed(id)
  })

  test('data without its passwords is said plainly, and nothing is changed', async () => {
    renameSync(`${stack.folder}/.env`, `${stack.folder}/kept`)
    const { code, stderr } = await stack.trib(['up'])
    renameSync(`${stack.folder}/kept`, `${stack.folder}/.env`)

    expect(code).toBe(1)
    expect(stderr).toContain(
      `SETTINGS_LOST: the stack '${stack.name}' has data, but the passwords it was made with are gone`,
    )
    expect((await stack.trib(['up'])).stderr).toContain('nothing changed')
  })

  test('the native engine is refused over data in Docker volumes', async () => {
    const { code, stderr } = await stack.trib(['up', '--engine', 'native'])

    expect(code).toBe(2)
    expect(stderr).toContain(
      "ENGINE_MISMATCH: this stack's data is in Docker volumes; with --engine native it would begin with nothing",
    )
  })

  test('two workers share the tasks', async () => {
    const both = await stack.trib(['up', '--profile', 'two-workers'])
    expect(both.code, both.stderr).toBe(0)

    expect(await untilWorkersShare(await port('connect-2'))).toHaveLength(3)
    await landed(await insert('two.workers@example.org'))
  })

  test('containers run hardened: no privileges, no capabilities beyond the list, limits, loopback only', () => {
    for (const id of docker('ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`).split(
      '\n',
    )) {
      const [{ Name: name, HostConfig: host, NetworkSettings: network }] = JSON.parse(docker('inspect', id))
      expect(host.Privileged, name).toBe(false)
      expect(host.CapDrop, name).toEqual(['ALL'])
      expect(host.SecurityOpt, name).toContain('no-new-privileges:true')
      expect(host.Memory, name).toBeGreaterThan(0)
      expect(host.ReadonlyRootfs, name).toBe(!name.includes('kafka'))
      expect(host.RestartPolicy.Name, name).toBe('unless-stopped')
      const bindings = Object.values<{ HostIp: string }[] | null>(network.Ports).flatMap(one => one ?? [])
      expect(new Set(bindings.map(({ HostIp }) => HostIp)), name).toEqual(new Set(['127.0.0.1']))
    }
  })

  test('every profile is valid for docker compose itself', () => {
    const options = ['compose', '--env-file', `${stack.folder}/.env`, '--file', `${root}/docker-compose.yml`]
    const profiles = docker(...options, 'config', '--profiles')
      .split('\n')
      .filter(Boolean)
    const brings: Readonly<Record<string, string>> = {
      bi: 'metabase',
      observe: 'prometheus',
      'two-workers': 'connect-2',
    }
    expect(profiles.sort()).toEqual(Object.keys(brings).sort())
    for (const profile of profiles) {
      expect(docker(...options, '--profile', profile, 'config', '--services').split('\n')).toContain(
        brings[profile],
      )
    }
  })

  test('plain docker compose without an env file says which command to run', () => {
    expect(() =>
      docker('compose', '--env-file', '/dev/null', '--file', `${root}/docker-compose.yml`, 'config'),
    ).toThrow(/is missing a value: run "npm run up" once/)
  })

  test('down --volumes leaves no container, volume or network', async () => {
    const volumes = docker('volume', 'ls', '--quiet').split('\n').length
    const { code, stderr } = await stack.trib(['down', '--volumes'])

    expect(code, stderr).toBe(0)
    const ofProject = ['--filter', `label=com.docker.compose.project=${project}`, '--quiet']
    expect(docker('ps', '--all', ...ofProject)).toBe('')
    expect(docker('volume', 'ls', ...ofProject)).toBe('')
    expect(docker('network', 'ls', ...ofProject)).toBe('')
    expect(docker('volume', 'ls', '--quiet').split('\n').length).toBeLessThan(volumes)
  })
})
