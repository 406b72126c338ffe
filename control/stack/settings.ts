import { randomBytes } from 'node:crypto'
import type { EnvValues } from './parse-env-file.ts'

/** A variable of `docker-compose.yml`. */
export type Setting = { readonly name: string; readonly description: string } & SettingKind

type SettingKind =
  /** Written by the first `up`. */
  | { readonly kind: 'project' | 'stack'; readonly default: string }
  | { readonly kind: 'port'; readonly offset: number }
  | { readonly kind: 'cluster-id' }
  /** `isForPeople`: no service logs in with it, so the compose file does not name it. `isOwner`: data is made with it. */
  | { readonly kind: 'secret'; readonly isForPeople?: true; readonly isOwner?: true }
  /** For the user to choose; the compose file has the default. */
  | { readonly kind: 'option'; readonly default: string }
  /** What differs inside a container: the native engine sets it, a user does not. */
  | { readonly kind: 'engine'; readonly default: string }

/** Away from 3000, 5432, 8080, 8083 and 9092, and below the ports that Linux hands out to clients (32768). */
export const defaultPortBase = 27_100

/** Each stack has a block of ports for itself. */
export const portBlockSize = 100

const brokers = [1, 2, 3] as const

const port = (name: string, offset: number, description: string): Setting => ({
  name,
  kind: 'port',
  offset,
  description,
})
const secret = (name: string, description: string): Setting => ({ name, kind: 'secret', description })
const ownerSecret = (name: string, description: string): Setting => ({
  name,
  kind: 'secret',
  isOwner: true,
  description,
})
const option = (name: string, value: string, description: string): Setting => ({
  name,
  kind: 'option',
  default: value,
  description,
})
const engine = (name: string, value: string, description: string): Setting => ({
  name,
  kind: 'engine',
  default: value,
  description,
})

/** Every variable of `docker-compose.yml`; a test holds this list, that file and `.env.example` equal. */
export const settings: readonly Setting[] = [
  {
    name: 'COMPOSE_PROJECT_NAME',
    kind: 'project',
    default: 'tributary',
    description: 'First part of the names of containers and volumes; each stack has its own.',
  },
  {
    name: 'STACK_NAME',
    kind: 'stack',
    default: 'default',
    description: 'What `--stack` calls this stack: the console prints its commands with it.',
  },
  {
    name: 'KAFKA_CLUSTER_ID',
    kind: 'cluster-id',
    description:
      'Identity of the Kafka cluster, 16 random bytes as base64url; the data on disk is bound to it.',
  },

  ...brokers.map(n => port(`KAFKA_${n}_PORT`, n, `Port of broker ${n} for programs on this machine.`)),
  ...brokers.map(n =>
    port(`KAFKA_${n}_INTERNAL_PORT`, 10 + n, `Port of broker ${n} for the other services.`),
  ),
  ...brokers.map(n =>
    port(`KAFKA_${n}_CONTROLLER_PORT`, 20 + n, `Port on which the controller of broker ${n} votes.`),
  ),
  port('CONNECT_PORT', 30, 'Port of the REST interface of Kafka Connect.'),
  port('CONNECT_2_PORT', 31, 'Port of the second Connect worker (profile two-workers).'),
  port('COMMUNITY_DB_PORT', 40, 'Port of the source database community-db.'),
  port('SITES_DB_PORT', 41, 'Port of the source database sites-db.'),
  port('WAREHOUSE_PORT', 42, 'Port of the warehouse.'),
  port('COMMUNITY_GENERATOR_PORT', 50, 'Port on which the generator of community-db says how it is.'),
  port('SITES_GENERATOR_PORT', 51, 'Port on which the generator of sites-db says how it is.'),
  port('CONSOLE_PORT', 60, 'Port of the web console.'),
  port('PROMETHEUS_PORT', 61, 'Port of Prometheus (profile observe).'),
  port('ALERTMANAGER_PORT', 62, 'Port of Alertmanager (profile observe).'),
  port('GRAFANA_PORT', 63, 'Port of Grafana (profile observe, on Docker).'),
  port('METABASE_PORT', 64, 'Port of Metabase (profile bi, on Docker).'),
  ...brokers.map(n =>
    port(`KAFKA_${n}_JMX_PORT`, 70 + n, `Port on which broker ${n} tells Prometheus its numbers.`),
  ),
  port('CONNECT_JMX_PORT', 75, 'Port on which Kafka Connect tells Prometheus its numbers.'),
  port('CONNECT_2_JMX_PORT', 76, 'Port on which the second Connect worker tells Prometheus its numbers.'),

  ownerSecret('COMMUNITY_DB_PASSWORD', 'Password of the owner of community-db.'),
  secret('COMMUNITY_DB_DEBEZIUM_PASSWORD', 'Password with which Debezium reads community-db.'),
  secret('COMMUNITY_DB_GENERATOR_PASSWORD', 'Password with which the generator writes to community-db.'),
  secret('COMMUNITY_DB_CONSOLE_PASSWORD', 'Password with which the console looks at community-db.'),
  ownerSecret('SITES_DB_PASSWORD', 'Password of the owner of sites-db.'),
  secret('SITES_DB_DEBEZIUM_PASSWORD', 'Password with which Debezium reads sites-db.'),
  secret('SITES_DB_GENERATOR_PASSWORD', 'Password with which the generator writes to sites-db.'),
  secret('SITES_DB_CONSOLE_PASSWORD', 'Password with which the console looks at sites-db.'),
  ownerSecret('WAREHOUSE_PASSWORD', 'Password of the owner of the warehouse.'),
  secret('WAREHOUSE_SINK_PASSWORD', 'Password with which the sink writes to the warehouse.'),
  secret('WAREHOUSE_CONSOLE_PASSWORD', 'Password with which the console reads the warehouse.'),
  {
    ...secret(
      'WAREHOUSE_DASHBOARD_PASSWORD',
      'Password with which dashboards read the warehouse, and nothing else.',
    ),
    kind: 'secret',
    isForPeople: true,
  },
  {
    ...secret(
      'METABASE_ADMIN_PASSWORD',
      'Password with which dashboards are changed in Metabase (profile bi).',
    ),
    kind: 'secret',
    isForPeople: true,
  },
  secret(
    'GRAFANA_ADMIN_PASSWORD',
    'Password with which dashboards are changed in Grafana (profile observe).',
  ),

  option('KAFKA_HEAP_OPTS', '-Xms64m -Xmx256m', 'Heap of each broker.'),
  option('CONNECT_HEAP_OPTS', '-Xms512m -Xmx640m -Xmn256m', 'Heap of the Connect worker.'),
  option(
    'GENERATOR_SEED',
    '42',
    'Number from which all random rows follow; the same seed gives the same rows.',
  ),
  option('GENERATOR_HISTORY', '20000', 'Rows of history that each generator writes first.'),
  option(
    'GENERATOR_HISTORY_END',
    '',
    'Time at which the history ends, in ISO 8601 (empty: when it is first written).',
  ),
  option('GENERATOR_RATE', '0.5', 'Live changes of each generator, in rows per second (0: history only).'),
  option('GENERATOR_INTERVAL_MS', '2000', 'Time between two bursts of live changes, in milliseconds.'),
  option(
    'GENERATOR_OVERLAP',
    '0.3',
    'Share of site administrators with the e-mail of a community user, 0 to 1.',
  ),
  option(
    'CONSOLE_READ_ONLY',
    'false',
    'Whether the console only shows, and changes nothing (true or false).',
  ),
  option(
    'CONSOLE_RESTARTS',
    'true',
    'Whether the console restarts what failed for a reason that a restart mends (true or false).',
  ),
  option('CONSOLE_WEBHOOK_URL', '', 'Where the console POSTs each change of health (empty: nowhere).'),

  engine(
    'BIND_ADDRESS',
    '0.0.0.0',
    'Address on which services listen; all of a container, only loopback natively.',
  ),
  ...brokers.map(n =>
    engine(`KAFKA_${n}_HOST`, `kafka-${n}`, `Host at which other services find broker ${n}.`),
  ),
  ...brokers.map(n =>
    engine(`KAFKA_${n}_DATA`, '/var/lib/kafka/data', `Folder with the data of broker ${n}.`),
  ),
  engine('CONNECT_HOST', 'connect', 'Host at which other workers find this Connect worker.'),
  engine('CONNECT_2_HOST', 'connect-2', 'Host at which the other worker finds the second one.'),
  engine('COMMUNITY_DB_HOST', 'community-db', 'Host at which other services find community-db.'),
  engine('COMMUNITY_DB_DATA', '/var/lib/postgresql/data', 'Folder with the data of community-db.'),
  engine('SITES_DB_HOST', 'sites-db', 'Host at which other services find sites-db.'),
  engine('SITES_DB_DATA', '/var/lib/postgresql/data', 'Folder with the data of sites-db.'),
  engine('WAREHOUSE_HOST', 'warehouse', 'Host at which other services find the warehouse.'),
  engine('WAREHOUSE_DATA', '/var/lib/postgresql/data', 'Folder with the data of the warehouse.'),
  engine('CONSOLE_HOST', 'console', 'Host at which other services find the console.'),
  engine('PROMETHEUS_HOST', 'prometheus', 'Host at which Grafana finds Prometheus.'),
  engine('PROMETHEUS_DATA', '/prometheus', 'Folder with the data of Prometheus.'),
  engine('ALERTMANAGER_HOST', 'alertmanager', 'Host at which Prometheus finds Alertmanager.'),
  engine('ALERTMANAGER_DATA', '/alertmanager', 'Folder with the data of Alertmanager.'),
  engine('OBSERVE_CONFIG', '/etc/tributary', 'Folder in which Prometheus and Alertmanager find their files.'),
  engine(
    'OBSERVE_FOLDER',
    '.tributary/default/observe',
    'The same folder in the clone; the profile observe writes it, each stack has its own.',
  ),
  engine(
    'JMX_FOLDER',
    '',
    'Folder with the JMX agent; set by the profile observe, empty: brokers and workers run without agents.',
  ),
]

const isGenerated = ({ kind }: Setting) => kind !== 'option' && kind !== 'engine'

/** What the first `up` writes into the env file. */
export const generatedNames: readonly string[] = settings.filter(isGenerated).map(({ name }) => name)

/** Whose values are printed as `***` everywhere. */
export const secretNames: readonly string[] = settings
  .filter(({ kind }) => kind === 'secret')
  .map(({ name }) => name)

/** What data on disk is bound to: without these values it cannot be opened again. */
export const boundToData: readonly string[] = settings
  .filter(setting => setting.kind === 'cluster-id' || 'isOwner' in setting)
  .map(({ name }) => name)

export interface GenerateOptions {
  readonly portBase: number
  readonly project: string
  /** (Default: default) */
  readonly stackName?: string
  /** Where random bytes come from. (Default: node:crypto) */
  readonly random?: (size: number) => Uint8Array
}

/** A value for each of `generatedNames`, none of which needs quotes anywhere. */
export function generateSettings({
  portBase,
  project,
  stackName = 'default',
  random = randomBytes,
}: GenerateOptions): EnvValues {
  const generate = (setting: Setting): string => {
    switch (setting.kind) {
      case 'project':
        return project
      case 'stack':
        return stackName
      case 'port':
        return String(portBase + setting.offset)
      case 'secret':
        return randomSecret(random)
      case 'cluster-id':
        return randomClusterId(random)
      default:
        return setting.default
    }
  }
  return Object.fromEntries(settings.filter(isGenerated).map(setting => [setting.name, generate(setting)]))
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const secretLength = 32

/** 187 bits in letters and digits, which mean themselves to YAML, shells, URLs, SQL and properties files. */
function randomSecret(random: (size: number) => Uint8Array): string {
  let letters = ''
  while (letters.length < secretLength) {
    // From 248 = 4 × 62 on, the first letters of the alphabet would come up more often.
    const bytes = [...random(2 * secretLength)].filter(byte => byte < 248)
    letters += bytes.map(byte => alphabet.charAt(byte % alphabet.length)).join('')
  }
  // Metabase refuses a password without a digit, which one in 280 would be.
  const digit = String((random(1)[0] ?? 0) % 10)
  return letters.slice(0, secretLength - digit.length) + digit
}

/** As Kafka makes them: a leading dash would look like an option on its command lines. */
function randomClusterId(random: (size: number) => Uint8Array): string {
  const id = Buffer.from(random(16)).toString('base64url')
  return id.startsWith('-') ? randomClusterId(random) : id
}

const kindTitles: readonly (readonly [Setting['kind'], string])[] = [
  ['option', 'For you to choose'],
  ['project', 'Written by the first `npm run up`: the name of the stack'],
  ['stack', 'Written by the first `npm run up`: what `--stack` calls it'],
  ['cluster-id', 'Written by the first `npm run up`: the Kafka cluster'],
  ['port', 'Written by the first `npm run up`: ports, all on 127.0.0.1'],
  ['secret', 'Written by the first `npm run up`, at random: passwords'],
  ['engine', 'Set by the native engine, and right as they are on Docker'],
]

/** The text of `.env.example`. */
export function exampleEnvFile(): string {
  const example = (setting: Setting): string => {
    if ('default' in setting) return setting.default
    return setting.kind === 'port' ? String(defaultPortBase + setting.offset) : ''
  }
  const sections = kindTitles.map(([kind, title]) => {
    const members = settings.filter(setting => setting.kind === kind)
    const lines = members.map(setting => `# ${setting.description}\n# ${setting.name}=${example(setting)}\n`)
    return `# === ${title} ===\n\n${lines.join('\n')}`
  })
  return [
    '# Every variable of docker-compose.yml. `npm run up` writes what is needed into .env; to choose for yourself,',
    '# put a line of yours into .env, above the block that `npm run up` writes.',
    '',
    ...sections,
  ].join('\n')
}
