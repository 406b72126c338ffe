import { createConnectClient } from '../../../control/connect/connect-client.ts'
import type { Finding, Severity } from '../../../control/doctor/finding.ts'
import { runDoctor } from '../../../control/doctor/run-doctor.ts'
import type { Examined } from '../../../control/doctor/subjects/examined.ts'
import { type FakeConnect, startFakeConnect } from '../../support/fake-connect.ts'

/** Two workers, and the config of a source. */
export interface Workers extends AsyncDisposable {
  readonly second: FakeConnect
  readonly config: Record<string, string>
  /** What this machine knows of the workers' environment. */
  variables: ReadonlySet<string> | undefined
  look(): Promise<readonly Finding[]>
}

export async function openWorkers(): Promise<Workers> {
  const fakes = [await startFakeConnect(), await startFakeConnect()] as const
  const config: Record<string, string> = {
    'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
    'database.hostname': '${env:COMMUNITY_DB_HOST}',
    'database.password': '${env:COMMUNITY_DB_DEBEZIUM_PASSWORD}',
    'database.user': 'debezium',
    'database.dbname': 'community_db',
    'topic.prefix': 'community-db',
  }
  const nowhere = async () => Promise.reject(new Error('not asked for'))
  const workers: Workers = {
    ...{ second: fakes[1], config, variables: undefined },
    look: async () => {
      const connector: Examined = {
        ...{ name: 'community-source', config, type: 'source', state: 'UNDEPLOYED', isDeployed: false },
        ...{ workerId: '', trace: undefined, tasks: [] },
      }
      const { variables } = workers
      const { findings } = await runDoctor({
        connectors: [connector],
        all: [connector],
        connect: undefined,
        workers: fakes.map(({ url }) => createConnectClient({ urls: [url] })),
        kinds: ['worker'],
        context: {
          ...{ name: 'test', kind: 'file', statusHint: 'npx trib status' },
          ...{ sources: async () => [], source: nowhere, warehouse: nowhere, kafka: nowhere },
          ...(variables ? { workerVariables: async () => variables } : {}),
        },
      })
      return findings
    },
    async [Symbol.asyncDispose]() {
      for (const fake of fakes) await fake.close()
    },
  }
  return workers
}

export interface WorkerCase {
  readonly check: string
  readonly fault: string
  readonly finding: { readonly severity: Severity; readonly message: RegExp }
  /** Lasts for one look. */
  readonly breaks: (workers: Workers) => void
  /** undefined: what was broken heals by itself, as when a worker was given the plugin and restarted. */
  readonly mend: ((workers: Workers, finding: Finding | undefined) => void) | undefined
}

const plugin = 'io.debezium.connector.postgresql.PostgresConnector'

export const workerCases: readonly WorkerCase[] = [
  {
    check: 'plugin-versions',
    fault: 'one worker has another version',
    finding: { severity: 'warning', message: /different versions of .*: 3.7.0.Final at .*, 3.6.0.Final at / },
    breaks: ({ second }) =>
      second.failNext(answer([{ class: plugin, type: 'source', version: '3.6.0.Final' }])),
    mend: undefined,
  },
  {
    check: 'plugin-versions',
    fault: 'one worker does not have the class',
    finding: { severity: 'error', message: /the worker at http.* does not have io.debezium/ },
    breaks: ({ second }) => second.failNext(answer([])),
    mend: undefined,
  },
  {
    check: 'env-resolves',
    fault: 'the workers lack a variable',
    finding: {
      severity: 'error',
      message: /^database.hostname holds \$\{env:UNSET_HOST\}, for which the worker at/,
    },
    breaks: ({ config }) => {
      config['database.hostname'] = '${env:UNSET_HOST}'
    },
    mend: ({ config }) => {
      config['database.hostname'] = '${env:COMMUNITY_DB_HOST}'
    },
  },
  {
    check: 'env-resolves',
    fault: 'the variable of a password, which the worker hides, is misspelt',
    finding: {
      severity: 'error',
      message: /^database.password holds \$\{env:COMMUNITY_DB_DEBEZIUM_PASSWROD\}/,
    },
    breaks: workers => {
      workers.variables = new Set(['COMMUNITY_DB_HOST', 'COMMUNITY_DB_DEBEZIUM_PASSWORD'])
      workers.config['database.password'] = '${env:COMMUNITY_DB_DEBEZIUM_PASSWROD}'
    },
    mend: ({ config }, finding) => {
      if (finding?.fix.kind === 'config') for (const [key, value] of finding.fix.settings) config[key] = value
    },
  },
]

function answer(body: unknown) {
  return { status: 200, body, match: 'GET /connector-plugins' }
}
