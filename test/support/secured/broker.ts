import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Jars } from '../../../control/engines/native/jars.ts'
import { freePort } from '../postgres.ts'
import type { Certificates } from './certificates.ts'
import { type JavaProcess, runJava, startJava } from './java-process.ts'

/** One broker; each listener is a way to be reached, or to be refused. */
export interface SecuredBroker extends AsyncDisposable {
  readonly process: JavaProcess
  /** TLS, and a login by SCRAM-SHA-512. */
  readonly scram: string
  /** TLS; whoever comes must show a certificate. */
  readonly mutual: string
  /** TLS with a certificate that ended yesterday, and with one for another host. */
  readonly ended: string
  readonly elsewhere: string
  readonly clear: string
}

const clusterId = 'c2VjdXJlZC1jbHVzdGVyIQ'

interface BrokerOptions {
  readonly folder: string
  readonly jars: Jars
  readonly certificates: Certificates
  /** Passwords by user. */
  readonly users: Readonly<Record<string, string>>
}

export async function startBroker({
  folder,
  jars,
  certificates,
  users,
}: BrokerOptions): Promise<SecuredBroker> {
  const names = ['scram', 'mutual', 'ended', 'elsewhere', 'clear', 'controller'] as const
  const ports = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await freePort()] as const)),
  )
  const address = (name: (typeof names)[number]) => `127.0.0.1:${ports[name]}`
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  const listeners = (which: readonly (typeof names)[number][]) =>
    which.map(name => `${name.toUpperCase()}://${address(name)}`).join(',')
  const { ca, server, ended, elsewhere } = certificates
  const properties = lines({
    ...{ 'node.id': '1', 'process.roles': 'broker,controller', 'log.dirs': data },
    'controller.quorum.voters': `1@${address('controller')}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLEAR',
    listeners: listeners(names),
    'advertised.listeners': listeners(names.filter(name => name !== 'controller')),
    'listener.security.protocol.map':
      'SCRAM:SASL_SSL,MUTUAL:SSL,ENDED:SSL,ELSEWHERE:SSL,CLEAR:PLAINTEXT,CONTROLLER:PLAINTEXT',
    ...{ 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': server.both },
    ...{ 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': ca },
    'listener.name.ended.ssl.keystore.location': ended.both,
    'listener.name.elsewhere.ssl.keystore.location': elsewhere.both,
    'listener.name.mutual.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.scram.scram-sha-512.sasl.jaas.config': `${scramModule} required;`,
    'offsets.topic.replication.factor': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
  })
  const file = join(folder, 'format.properties')
  writeFileSync(file, properties)
  const scram = Object.entries(users).flatMap(([name, password]) => [
    ...['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`],
  ])
  await runJava(jars, 'kafka.tools.StorageTool', [
    ...['format', '--cluster-id', clusterId, '--config', file, ...scram],
  ])
  const environment = { KAFKA_HEAP_OPTS: '-Xmx256m' }
  const broker = await startJava({ folder, jars, mainClass: 'kafka.Kafka', properties, environment })
  return {
    process: broker,
    ...{ scram: address('scram'), mutual: address('mutual'), clear: address('clear') },
    ...{ ended: address('ended'), elsewhere: address('elsewhere') },
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  }
}

export const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule'

export function lines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
