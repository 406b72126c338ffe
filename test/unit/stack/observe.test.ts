import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fillTargets } from '../../../control/stack/observe.ts'
import { generateSettings } from '../../../control/stack/settings.ts'
import { root } from '../../support/trib.ts'
import { read } from '../topology/read.ts'

const composeFile = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
const template = readFileSync(join(root, 'analytics', 'observe', 'prometheus.yml'), 'utf8')
const settings = generateSettings({ portBase: 27_100, project: 'tributary' })

function configFor(profiles: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const topology = read(composeFile, { environment: { ...settings, ...environment }, profiles })
  const service = topology.services.find(({ name }) => name === 'prometheus')
  return parse(fillTargets(template, service?.environment ?? {}, topology))
}

function targetsOf(config: { scrape_configs: { static_configs: { targets: string[] }[] }[] }) {
  return config.scrape_configs.flatMap(job => job.static_configs.flatMap(({ targets }) => targets))
}

test('Prometheus finds by name what runs in containers, and on loopback what runs beside it', () => {
  const native = Object.fromEntries(
    ['KAFKA_1', 'KAFKA_2', 'KAFKA_3', 'CONNECT', 'ALERTMANAGER'].map(name => [`${name}_HOST`, '127.0.0.1']),
  )

  const onDocker = targetsOf(configFor(['observe']))
  const natively = configFor(['observe'], native)

  expect(onDocker).toEqual(
    expect.arrayContaining(['kafka-1:27171', 'kafka-2:27172', 'kafka-3:27173', 'connect:27175']),
  )
  expect(targetsOf(natively)).toEqual(
    expect.arrayContaining(['127.0.0.1:27171', '127.0.0.1:27172', '127.0.0.1:27173', '127.0.0.1:27175']),
  )
  expect(natively.alerting.alertmanagers[0].static_configs[0].targets).toEqual(['127.0.0.1:27162'])
})

test('a service that does not run is no target, where it runs it is', () => {
  expect(targetsOf(configFor(['observe']))).not.toContain('connect-2:27176')
  expect(targetsOf(configFor(['observe', 'two-workers']))).toContain('connect-2:27176')
})

test('a variable that the service lacks is named', () => {
  const fill = () => fillTargets('scrape_configs: ["${NOWHERE_TARGET}"]', {}, { services: [] })

  expect(fill).toThrow('analytics/observe/prometheus.yml cannot be filled: NOWHERE_TARGET is not set')
})
