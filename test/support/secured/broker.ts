import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs'
import type { Jars } from '../../../control/engines/native/jars.ts'
import { openKafka } from '../../../control/kafka/open-kafka.ts'
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
  /** Those who use trib: what it needs, and no more. */
  readonly operators: readonly string[]
}

export async function startBroker(options: BrokerOptions): Promise<SecuredBroker> {
  const { folder, jars, certificates, users, operators } = options
  const ports = await Promise.all(names.map(async name => [name, await freePort()] as const))
  const address: AddressOf = name => `127.0.0.1:${new Map(ports).get(name)}`
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  const properties = settingsOf(certificates, { data, address })
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
  try {
    await grantRights(address('clear'), operators)
  } catch (error) {
    const log = broker.log()
    await broker[Symbol.asyncDispose]()
    throw new Error(`the broker gave no rights: ${log}`, { cause: error })
  }
  return {
    process: broker,
    ...{ scram: address('scram'), mutual: address('mutual'), clear: address('clear') },
    ...{ ended: address('ended'), elsewhere: address('elsewhere') },
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  }
}

const names = ['scram', 'mutual', 'ended', 'elsewhere', 'clear', 'controller'] as const
type AddressOf = (name: (typeof names)[number]) => string

function settingsOf(
  certificates: Certificates,
  { data, address }: { readonly data: string; readonly address: AddressOf },
): string {
  const listeners = (which: readonly (typeof names)[number][]) =>
    which.map(name => `${name.toUpperCase()}://${address(name)}`).join(',')
  const { ca, server, ended, elsewhere } = certificates
  return lines({
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
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Clear text is the test's own way in, and the broker's to itself.
    'super.users': 'User:ANONYMOUS;User:connect;User:source',
    'offsets.topic.replication.factor': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
  })
}

/** As control/BIGGER-HOME.md lists them. */
async function grantRights(broker: string, operators: readonly string[]): Promise<void> {
  const rights = [
    [AclResourceTypes.TOPIC, '*', ['DESCRIBE', 'DESCRIBE_CONFIGS', 'CREATE', 'ALTER_CONFIGS']],
    [AclResourceTypes.GROUP, '*', ['DESCRIBE']],
    [AclResourceTypes.CLUSTER, 'kafka-cluster', ['DESCRIBE', 'DESCRIBE_CONFIGS']],
  ] as const
  const acl = operators.flatMap(principal =>
    rights.flatMap(([resourceType, resourceName, operations]) =>
      operations.map(operation => ({
        ...{ resourceType, resourceName, principal, host: '*', operation: AclOperationTypes[operation] },
        resourcePatternType: ResourcePatternTypes.LITERAL,
        permissionType: AclPermissionTypes.ALLOW,
      })),
    ),
  )
  // It begins to listen within 2 s, and on a busy machine within 20.
  const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 60 }
  const admin = openKafka({ brokers: [broker] }, retry).admin()
  try {
    await admin.connect()
    await admin.createAcls({ acl })
  } finally {
    await admin.disconnect()
  }
}

export const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule'

export function lines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
