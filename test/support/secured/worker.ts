import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectAccess } from '../../../control/connect/connect-api.ts'
import { createConnectClient } from '../../../control/connect/connect-client.ts'
import type { Jars } from '../../../control/engines/native/jars.ts'
import { messageOf } from '../../../control/errors/trib-error.ts'
import { waitFor } from '../../../control/system/retry.ts'
import { freePort } from '../postgres.ts'
import { root } from '../trib.ts'
import { lines, scramModule } from './broker.ts'
import { type Certificates, passphrase, storePassword } from './certificates.ts'
import { type JavaProcess, startJava } from './java-process.ts'

export interface SecuredWorker extends AsyncDisposable {
  readonly process: JavaProcess
  /** TLS; wants a certificate, and a user with a password. */
  readonly url: string
  /** Clear text; wants a user with a password. */
  readonly clearUrl: string
  /** With everything that `url` wants. */
  readonly access: ConnectAccess
}

export interface Login {
  readonly user: string
  readonly password: string
}

interface WorkerOptions {
  readonly folder: string
  readonly jars: Jars
  readonly certificates: Certificates
  readonly bootstrap: string
  /** Its own, at the brokers. */
  readonly kafkaLogin: Login
  /** Who may speak to it. */
  readonly restLogin: Login
  /** What its connectors refer to. */
  readonly variables: Readonly<Record<string, string>>
}

/** The shipped worker file, with what a secured cluster adds to it. */
export async function startWorker(options: WorkerOptions): Promise<SecuredWorker> {
  const { folder, jars, certificates, restLogin, bootstrap, variables } = options
  const [port, clearPort] = [await freePort(), await freePort()]
  mkdirSync(folder, { recursive: true })
  symlinkSync(jars.pluginsDir, join(folder, 'plugins'))
  const jaas = writeLogins(folder, restLogin)
  const worker = await startJava({
    ...{ folder, jars, mainClass: 'org.apache.kafka.connect.cli.ConnectDistributed' },
    properties: [
      readFileSync(join(root, 'connectors', 'worker.properties'), 'utf8'),
      // What stands further down counts.
      lines({ ...clients(options), ...rest(certificates, { port, clearPort }), ...oneBroker }),
    ].join('\n'),
    environment: {
      ...variables,
      KAFKA_HEAP_OPTS: '-Xmx512m',
      KAFKA_OPTS: `-Djava.security.auth.login.config=${jaas}`,
      ...{ CONNECT_BOOTSTRAP_SERVERS: bootstrap, BIND_ADDRESS: '127.0.0.1' },
      ...{ CONNECT_HOST: '127.0.0.1', CONNECT_PORT: String(port) },
    },
  })
  const url = `https://127.0.0.1:${port}`
  const access = accessTo(url, certificates, restLogin)
  try {
    await untilReady(worker, access)
  } catch (error) {
    await worker[Symbol.asyncDispose]()
    throw error
  }
  return {
    ...{ process: worker, url, clearUrl: `http://127.0.0.1:${clearPort}`, access },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}

const oneBroker = Object.fromEntries(
  ['config', 'offset', 'status'].map(name => [`${name}.storage.replication.factor`, '1']),
)

/** The worker itself, and the clients of its connectors: each kind wants it said once more. */
function clients({ certificates, kafkaLogin: { user, password } }: WorkerOptions): Record<string, string> {
  const own = {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.jaas.config': `${scramModule} required username="${user}" password="${password}";`,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.ca,
  }
  const kinds = ['', 'producer.', 'consumer.', 'admin.']
  return Object.fromEntries(
    kinds.flatMap(kind => Object.entries(own).map(([key, value]) => [`${kind}${key}`, value] as const)),
  )
}

function rest(
  { keystore, truststore }: Certificates,
  { port, clearPort }: { readonly port: number; readonly clearPort: number },
): Record<string, string> {
  const tls = {
    ...{ 'keystore.type': 'PKCS12', 'keystore.location': keystore, 'keystore.password': storePassword },
    'key.password': storePassword,
    ...{
      'truststore.type': 'PKCS12',
      'truststore.location': truststore,
      'truststore.password': storePassword,
    },
    'client.auth': 'required',
  }
  return {
    listeners: `https://127.0.0.1:${port},http://127.0.0.1:${clearPort}`,
    'rest.advertised.listener': 'https',
    'rest.extension.classes':
      'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
    ...Object.fromEntries(Object.entries(tls).map(([key, value]) => [`listeners.https.ssl.${key}`, value])),
  }
}

/** The path of the file that Java reads its logins from. */
function writeLogins(folder: string, { user, password }: Login): string {
  const [logins, jaas] = [join(folder, 'logins'), join(folder, 'jaas.conf')]
  writeFileSync(logins, `${user}: ${password}\n`, { mode: 0o600 })
  const module = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule'
  writeFileSync(jaas, `KafkaConnect {\n  ${module} required file="${logins}";\n};\n`)
  return jaas
}

export function accessTo(
  url: string,
  { ca, client }: Certificates,
  { user, password }: Login,
): ConnectAccess {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const read = (path: string) => readFileSync(path, 'utf8')
  return {
    urls: [url],
    headers: async () => ({ authorization }),
    tls: { ca: read(ca), cert: read(client.cert), key: read(client.key), passphrase },
  }
}

async function untilReady(worker: JavaProcess, access: ConnectAccess): Promise<void> {
  const connect = createConnectClient(access, { deadlineMs: 1_000, unreachableDeadlineMs: 100 })
  const look = async () => {
    if (!worker.isRunning()) throw new Error(`the worker ended at its start:\n${worker.log()}`)
    try {
      return { done: await connect.list() }
    } catch (error) {
      return { pending: messageOf(error) }
    }
  }
  await waitFor(look, { what: 'the worker to answer', deadlineMs: 60_000, intervalMs: 100 })
}
