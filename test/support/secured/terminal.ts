import { readFileSync } from 'node:fs'
import { writeStrimziTopic } from '../../../control/declared/write-strimzi.ts'
import { moodle } from '../../../control/scenarios/moodle.ts'
import { committedFile } from '../../contract/cli-sink.ts'
import { openTerminal, type Ran, type Terminal } from '../run-trib.ts'
import { scramModule } from './broker.ts'
import { passphrase } from './certificates.ts'
import { kafkaLogin, restLogin, type SecuredCluster, token } from './open-secured-cluster.ts'

/** Somebody at a machine of their own, who reaches the cluster by contexts. */
export interface SecuredTerminal extends Disposable {
  readonly terminal: Terminal
  /** Names a context that has all that the cluster wants, but for what is given; an empty value is left away. */
  name(context: string, changes?: Changes): Promise<void>
  trib(line: string): Promise<Ran>
  /** Code and stderr of a command in a context of its own, with the addresses of the cluster by their names. */
  refusal(command: string, changes: Changes): Promise<string>
}

/** Options of `config set-context`, without their dashes. */
export type Changes = Readonly<Record<string, string>>

export function openSecuredTerminal(cluster: SecuredCluster): SecuredTerminal {
  const { broker, worker, gate, endedGate, elsewhereGate } = cluster
  const terminal = openTerminal({ connectUrl: worker.url })
  Object.assign(terminal.env, {
    ...{ REST_PASSWORD: restLogin.password, KAFKA_PASSWORD: kafkaLogin.password, TOKEN: token },
    ...{ KEY_PASSPHRASE: passphrase, WRONG: 'wrong' },
  })
  const all = completeOptions(cluster)
  const name = async (context: string, changes: Changes = {}) => {
    const options = Object.entries({ ...all, ...changes }).flatMap(([option, value]) =>
      value === '' ? [] : value === 'yes' ? [`--${option}`] : [`--${option}`, value],
    )
    const { code, stderr } = await terminal.run(['config', 'set-context', context, ...options])
    if (code !== 0) throw new Error(`the context ${context} was refused: ${stderr}`)
  }
  const known = {
    ...{ 'https://worker': worker.url, 'http://worker': worker.clearUrl, 'https://gate': gate.url },
    ...{ 'https://ended': endedGate.url, 'https://elsewhere': elsewhereGate.url },
    ...{ SCRAM: broker.scram, MUTUAL: broker.mutual, ENDED: broker.ended, ELSEWHERE: broker.elsewhere },
    CLEAR: broker.clear,
  }
  let count = 0
  return {
    terminal,
    name,
    trib: line => terminal.run(line.split(' ')),
    refusal: async (command, changes) => {
      count += 1
      const context = `refused-${count}`
      await name(context, changes)
      const { code, stderr } = await terminal.run([...command.split(' '), '-c', context])
      const ports = Object.entries(known).map(([word, url]) => [word, new URL(withScheme(url)).port] as const)
      const plain = Object.entries(known).reduce((text, [word, url]) => text.replaceAll(url, word), stderr)
      const named = ports.reduce(
        (text, [word, port]) => text.replaceAll(port, `PORT-OF-${word.replace('://', '-')}`),
        plain,
      )
      return `${named.replaceAll(context, 'CONTEXT').replaceAll(`${terminal.folder}/`, '')}exit ${code}`
    },
    [Symbol.dispose]: () => terminal[Symbol.dispose](),
  }
}

const withScheme = (url: string): string => (url.includes('://') ? url : `tcp://${url}`)

function completeOptions({ broker, worker, certificates, postgres }: SecuredCluster): Changes {
  const { ca, client } = certificates
  const database = (name: string) =>
    `postgres://console@127.0.0.1:${postgres.port}/${name}?sslmode=verify-full&sslrootcert=${ca}`
  return {
    ...{ connect: worker.url, 'connect-ca': ca, 'connect-cert': client.cert, 'connect-key': client.key },
    ...{ 'connect-key-passphrase': 'env:KEY_PASSPHRASE', 'connect-user': restLogin.user },
    ...{ 'connect-password': 'env:REST_PASSWORD', kafka: broker.scram, 'kafka-ca': ca },
    ...{ 'kafka-sasl': 'scram-sha-512', 'kafka-user': kafkaLogin.user },
    ...{ 'kafka-password': 'env:KAFKA_PASSWORD' },
    ...{ source: `community-db=${database('community_db')}`, warehouse: database('warehouse') },
  }
}

/** Connect behind the gate: its certificate and its token, and nothing of the worker's. */
export function behindGate(url: string): Changes {
  const none = { 'connect-cert': '', 'connect-key': '', 'connect-key-passphrase': '', 'connect-user': '' }
  return { ...none, 'connect-password': '', connect: url, 'connect-token': 'env:TOKEN' }
}

/** Brokers that want a certificate instead of a login. */
export function byCertificate({ broker, certificates: { client } }: SecuredCluster): Changes {
  const none = { 'kafka-sasl': '', 'kafka-user': '', 'kafka-password': '' }
  const own = { 'kafka-cert': client.cert, 'kafka-key': client.key }
  return { ...none, ...own, 'kafka-key-passphrase': 'env:KEY_PASSPHRASE', kafka: broker.mutual }
}

/** The shipped connectors as they are set for such a cluster, and their topics; gives the folder's name. */
export function writeManifests(
  { terminal }: SecuredTerminal,
  { certificates: { ca } }: SecuredCluster,
): string {
  const read = (name: string): Record<string, string> => JSON.parse(readFileSync(committedFile(name), 'utf8'))
  const source = read('community-source')
  const sink = read('warehouse-sink')
  const topics = (sink['topics'] ?? '').split(',').filter(topic => topic.startsWith('community-db.'))
  const manifests = {
    'community-source.json': JSON.stringify({
      ...source,
      ...{ 'database.sslmode': 'verify-full', 'database.sslrootcert': ca },
      // A user of its own at the brokers, instead of the worker's.
      'producer.override.sasl.jaas.config': `${scramModule} required username="source" password="\${env:COMMUNITY_DB_KAFKA_PASSWORD}";`,
    }),
    'warehouse-sink.json': JSON.stringify({
      ...sink,
      topics: topics.join(','),
      'connection.url': `${sink['connection.url']}&sslmode=verify-full&sslrootcert=${ca}`,
    }),
    'topics.yaml': moodle.topics
      .filter(({ topic }) => topic.includes('community-db'))
      .map(({ topic, config }) =>
        writeStrimziTopic({
          ...{ name: topic, partitions: 1, replicas: 1 },
          config: { ...config, 'min.insync.replicas': '1' },
        }),
      )
      .join('---\n'),
  }
  for (const [name, text] of Object.entries(manifests)) terminal.write(`manifests/${name}`, text)
  return `${terminal.folder}/manifests`
}
