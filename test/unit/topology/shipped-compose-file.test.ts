import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { generateSettings } from '../../../control/stack/settings.ts'
import { stopOrder } from '../../../control/topology/start-order.ts'
import type { Dependency, Service } from '../../../control/topology/topology.ts'
import { read, refusal } from './read.ts'

const text = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8')
const settings = generateSettings({ portBase: 27_100, project: 'tributary' })
const topology = read(text, { environment: settings })

const brokers = ['kafka-1', 'kafka-2', 'kafka-3']

function summaryOf({ health, ports, mounts, dependsOn }: Service) {
  return {
    probe: health?.probe,
    port: ports.map(({ port, variable }) => `${variable}=${port}`).join(' '),
    mount: mounts.map(({ volume, path }) => `${volume}:${path}`).join(' '),
    dependsOn: dependsOn.map(({ service }) => service),
  }
}

const broker = (n: number) => ({
  probe: { kind: 'tcp', host: '127.0.0.1', port: 27_110 + n },
  port: `KAFKA_${n}_PORT=${27_100 + n}`,
  mount: `kafka-${n}:/var/lib/kafka/data`,
  dependsOn: [],
})

const database = (name: string, port: number) => {
  const key = name.toUpperCase().replaceAll('-', '_')
  return {
    probe: {
      kind: 'postgres',
      host: '127.0.0.1',
      port,
      user: 'postgres',
      database: name.replaceAll('-', '_'),
    },
    port: `${key}_PORT=${port}`,
    mount: `${name}:/var/lib/postgresql/data`,
    dependsOn: [],
  }
}

const generator = (name: string, port: number) => ({
  probe: { kind: 'http', url: `http://127.0.0.1:${port}/healthz` },
  port: `${name.toUpperCase()}_GENERATOR_PORT=${port}`,
  mount: '',
  dependsOn: [`${name}-db`],
})

describe('docker-compose.yml', () => {
  it('describes the services that others rely on', () => {
    const services = Object.fromEntries(topology.services.map(service => [service.name, summaryOf(service)]))

    expect(services).toEqual({
      'kafka-1': broker(1),
      'kafka-2': broker(2),
      'kafka-3': broker(3),
      connect: {
        probe: { kind: 'http', url: 'http://127.0.0.1:27130/health' },
        port: 'CONNECT_PORT=27130',
        mount: '',
        dependsOn: brokers,
      },
      'community-db': database('community-db', 27_140),
      'sites-db': database('sites-db', 27_141),
      warehouse: database('warehouse', 27_142),
      'community-generator': generator('community', 27_150),
      'sites-generator': generator('sites', 27_151),
      console: {
        probe: { kind: 'http', url: 'http://127.0.0.1:27160/healthz' },
        port: 'CONSOLE_PORT=27160',
        mount: '',
        dependsOn: [],
      },
    })
  })

  it('gives every service a health check, and waits only for healthy ones', () => {
    const conditions: readonly Dependency['condition'][] = topology.services.flatMap(({ dependsOn }) =>
      dependsOn.map(({ condition }) => condition),
    )

    expect(topology.services.filter(({ health }) => !health)).toEqual([])
    expect(new Set(conditions)).toEqual(new Set(['service_healthy']))
  })

  it('publishes ports on 127.0.0.1 only, each from a variable, those of every profile too', () => {
    const whole = read(text, { environment: settings, profiles: topology.profiles })
    const ports = whole.services.flatMap(service => service.ports)

    expect(new Set(ports.map(({ host }) => host))).toEqual(new Set(['127.0.0.1']))
    expect(ports.filter(({ variable }) => variable === undefined)).toEqual([])
  })

  it('declares the volumes that its services use, and no other', () => {
    const whole = read(text, { environment: settings, profiles: topology.profiles })
    const used = whole.services.flatMap(({ mounts }) => mounts.map(({ volume }) => volume))

    expect([...topology.volumes].toSorted()).toEqual(used.toSorted())
  })

  it('needs no image of a profile for what `up` starts', () => {
    const images = topology.services.map(({ image }) => image.replace(/:.*/, ''))

    expect([...new Set(images)]).toEqual(['apache/kafka', 'tributary/connect', 'postgres', 'tributary/trib'])
  })

  it('runs brokers and workers without an agent where nobody observes them', () => {
    const options = (environment: Readonly<Record<string, string>>) =>
      read(text, { environment: { ...settings, ...environment } }).services.flatMap(
        service => service.environment['KAFKA_OPTS'] ?? [],
      )

    expect(options({})).toEqual(['', '', '', ''])
    expect(options({ JMX_FOLDER: '/opt/tributary/jmx' })[0]).toBe(
      '-javaagent:/opt/tributary/jmx/agent.jar=0.0.0.0:27171:/opt/tributary/jmx/kafka.yml',
    )
  })

  it('stops Connect and the generators before the brokers and the databases', () => {
    const [first] = stopOrder(topology)

    expect(first).toEqual(['connect', 'community-generator', 'sites-generator'])
  })

  it('needs no variable that the first `up` does not write', () => {
    const [firstLine] = refusal(text).message.split('\n')

    expect(firstLine).toContain('services.kafka-1.')
    expect(() => read(text, { environment: settings })).not.toThrow()
  })

  it('says what to run where nothing is set', () => {
    const { message, hint } = refusal(text)

    expect(message).toMatch(
      /^docker-compose\.yml line \d+: services\.kafka-1\.environment\.CLUSTER_ID needs the variable KAFKA_CLUSTER_ID, which is not set: run "npm run up" once$/m,
    )
    expect(hint).toBe('`npm run up` writes what is missing into .env')
  })
})
