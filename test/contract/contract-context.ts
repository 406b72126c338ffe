import { randomBytes } from 'node:crypto'
import type { ConnectClient, ConnectorConfig } from '../../control/connect/connect-api.ts'
import { eventually } from '../support/trib.ts'

export interface ContractCluster extends AsyncDisposable {
  readonly connect: ConnectClient
  /** A sink that runs and does nothing. */
  readonly sink: ConnectorConfig
  /** The one topic that it reads. */
  readonly topic: string
  /** Makes the first task of a running connector fail. */
  breakTask(name: string): Promise<void>
}

/** What the tests of the contract share; the cluster is there once the tests run. */
export interface ContractContext {
  cluster(): ContractCluster
  connect(): ConnectClient
  /** For one connector, which is deleted after the test. */
  newName(suffix?: string): string
  /** Gives the name of a connector that was just created. */
  created(config?: ConnectorConfig): Promise<string>
  /** Gives the name of one that runs. */
  running(): Promise<string>
  /** Of the connector and its tasks: `RUNNING RUNNING`. */
  states(name: string): Promise<string | undefined>
  /** The names that were given since the last call. */
  takeNames(): readonly string[]
}

export const jdbcSink = 'io.debezium.connector.jdbc.JdbcSinkConnector'
export const postgresSource = 'io.debezium.connector.postgresql.PostgresConnector'

export function createContext(cluster: () => ContractCluster): ContractContext {
  const made: string[] = []
  const connect = () => cluster().connect
  const newName = (suffix = '') => {
    const name = `contract-${randomBytes(4).toString('hex')}${suffix}`
    made.push(name)
    return name
  }
  const states = async (name: string) => {
    const status = await connect().status(name)
    return status && [status.state, ...status.tasks.map(({ state }) => state)].join(' ')
  }
  const created = async (config: ConnectorConfig = cluster().sink) => {
    const name = newName()
    await connect().create(name, config)
    return name
  }
  return {
    ...{ cluster, connect, newName, states, created },
    running: async () => {
      const name = await created()
      const look = async () => ((await states(name)) === 'RUNNING RUNNING' ? true : undefined)
      await eventually(`${name} to run`, look, { deadlineMs: 60_000 })
      return name
    },
    takeNames: () => made.splice(0),
  }
}
