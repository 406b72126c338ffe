import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installJars } from '../../../control/engines/native/jars.ts'
import { unprivilegedUser } from '../../../control/engines/native/unprivileged-user.ts'
import { defaultCacheDir } from '../../../control/system/cache-dir.ts'
import { migrateMoodle } from '../../database/moodle-sql.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { root } from '../trib.ts'
import { type SecuredBroker, startBroker } from './broker.ts'
import { type Certificates, makeCertificates } from './certificates.ts'
import { type Gate, startGate } from './gate.ts'
import { type Login, type SecuredWorker, startWorker } from './worker.ts'

/** A cluster as it may stand elsewhere: nothing in it is reached without TLS and a login, but where a test wants it so. */
export interface SecuredCluster extends AsyncDisposable {
  readonly certificates: Certificates
  readonly broker: SecuredBroker
  readonly worker: SecuredWorker
  /** Both databases, by TLS. */
  readonly postgres: TestPostgres
  /** Before the worker; wants the token. */
  readonly gate: Gate
  /** The same, with certificates that are no good. */
  readonly endedGate: Gate
  readonly elsewhereGate: Gate
}

export const restLogin: Login = { user: 'operator', password: 'rest secret' }
export const kafkaLogin: Login = { user: 'trib', password: 'kafka-secret' }
export const token = 'of-the-gate'

/** A password of the source's own at the brokers. */
const sourcePassword = 'source-secret'

export async function openSecuredCluster(): Promise<SecuredCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-secured-'))
  const open: AsyncDisposable[] = [
    { [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }) },
  ]
  const opened = async <T extends AsyncDisposable>(opening: Promise<T>): Promise<T> => {
    const one = await opening
    open.push(one)
    return one
  }
  const close = async () => {
    for (const one of open.reverse()) await one[Symbol.asyncDispose]()
  }
  try {
    const cacheDir = defaultCacheDir(process.env)
    const signal = new AbortController().signal
    const jars = await installJars({ root, cacheDir, env: process.env, signal, onProgress: () => {} })
    const certificates = await makeCertificates(folder)
    const workerLogin = { user: 'connect', password: 'worker-secret' }
    const users = {
      ...{ [workerLogin.user]: workerLogin.password, source: sourcePassword },
      [kafkaLogin.user]: kafkaLogin.password,
    }
    const operators = [`User:${kafkaLogin.user}`, 'User:CN=client']
    const ofBroker = { folder: join(folder, 'broker'), jars, certificates, users, operators }
    const [broker, postgres] = await Promise.all([
      opened(startBroker(ofBroker)),
      opened(openPostgres(folder, certificates)),
    ])
    const worker = await opened(
      startWorker({
        ...{ folder: join(folder, 'worker'), jars, certificates, kafkaLogin: workerLogin, restLogin },
        bootstrap: broker.scram,
        variables: variablesOf(postgres),
      }),
    )
    const gateWith = (pair: Certificates['server']) =>
      opened(startGate({ pair, token, behind: worker.access }))
    return {
      ...{ certificates, broker, worker, postgres },
      gate: await gateWith(certificates.server),
      endedGate: await gateWith(certificates.ended),
      elsewhereGate: await gateWith(certificates.elsewhere),
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openPostgres(folder: string, { server }: Certificates): Promise<TestPostgres> {
  const user = unprivilegedUser()
  const [key, cert] = [join(folder, 'postgres.key'), join(folder, 'postgres.pem')]
  copyFileSync(server.key, key)
  copyFileSync(server.cert, cert)
  chmodSync(key, 0o600)
  if (user) {
    for (const path of [key, cert]) chownSync(path, user.uid, user.gid)
    chmodSync(folder, 0o711)
  }
  const settings = { ssl: 'on', ssl_key_file: key, ssl_cert_file: cert }
  const postgres = await startPostgres({ settings, databases: ['community_db', 'warehouse'] })
  {
    await using source = await postgres.open('community_db')
    await migrateMoodle(source, 'community-db')
  }
  await using warehouse = await postgres.open('warehouse')
  await migrateMoodle(warehouse, 'warehouse')
  return postgres
}

/** What the shipped connectors refer to; the server trusts whoever comes, so that their passwords are any. */
function variablesOf({ host, port }: TestPostgres): Record<string, string> {
  return {
    ...{ COMMUNITY_DB_HOST: host, COMMUNITY_DB_PORT: String(port), COMMUNITY_DB_DEBEZIUM_PASSWORD: 'any' },
    ...{ WAREHOUSE_HOST: host, WAREHOUSE_PORT: String(port), WAREHOUSE_SINK_PASSWORD: 'any' },
    COMMUNITY_DB_KAFKA_PASSWORD: sourcePassword,
  }
}
