import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { ConnectClient, ConnectorConfig, InitialState } from '../../control/connect/connect-api.ts'
import { createConnectClient } from '../../control/connect/connect-client.ts'
import { openTerminal, type RunOptions, type Terminal } from '../support/run-trib.ts'
import { eventually } from '../support/trib.ts'
import { normalise, type Transcript, transcriptOf } from './transcript.ts'

/** A Connect cluster that the commands are run against; the three committed connectors run on it already. */
export interface CliCluster extends AsyncDisposable {
  readonly connectUrl: string
  /** Brokers; undefined where there is no Kafka behind it. */
  readonly kafka?: readonly string[]
  /** With three records in its one partition. */
  readonly topic: string
  /** A sink that runs and does nothing. */
  readonly sink: ConnectorConfig
  /** How many requests came that may have changed something; undefined where nobody counts. */
  readonly changes?: () => number
}

/** With this its tasks fail, as nobody listens on port 1. */
export const unreachable = { 'connection.url': 'jdbc:postgresql://127.0.0.1:1/none' }

/** What the tests of the contract share; cluster and terminal are there once the tests run. */
export interface CliContext {
  cluster(): CliCluster
  connect(): ConnectClient
  sink(): ConnectorConfig
  terminal(): Terminal
  /** For one connector, which is deleted after the test. */
  newName(label: string): string
  /** Deploys as somebody else would, without `trib`; gives the name. (Default: stopped, which takes the least time) */
  deployed(label: string, options?: { config?: ConnectorConfig; state?: InitialState }): Promise<string>
  /** Deploys a connector that does not read, so that its offset stays as it is. */
  reached(label: string, offset: number): Promise<string>
  /** A file that declares a connector, which does not run unless it says so. */
  file(name: string, config?: ConnectorConfig, state?: InitialState): string
  /** Of the connector and its tasks: `RUNNING RUNNING`. */
  settled(name: string, states: string): Promise<void>
  /** `trib ARGS`, of which the words are separated by single spaces. */
  trib(args: string | readonly string[], options?: RunOptions): Promise<Transcript>
  /** What it printed, as a document. */
  json(args: string): Promise<unknown>
  /** Runs it, and expects that it ends with 2 and that no connector is another afterwards. */
  refused(args: string | readonly string[], options?: RunOptions): Promise<Transcript>
  begin(): void
  end(): Promise<void>
}

export function createCliContext(cluster: () => CliCluster): CliContext {
  let client: ConnectClient | undefined
  let terminal: Terminal | undefined
  let suffix = ''
  const made = new Set<string>()
  const connect = () => {
    client ??= createConnectClient({ urls: [cluster().connectUrl] })
    return client
  }
  const at = () => {
    if (!terminal) throw new Error('no test has begun')
    return terminal
  }
  const sink = () => cluster().sink
  const newName = (label: string) => {
    const name = `${label}-${suffix}`
    made.add(name)
    return name
  }
  const settled = async (name: string, states: string) => {
    const look = async () => {
      const status = await connect().status(name)
      const seen = status && [status.state, ...status.tasks.map(({ state }) => state)].join(' ')
      return seen === states ? true : undefined
    }
    await eventually(`${name} to be ${states}`, look, { deadlineMs: 20_000 })
  }
  const run = async (args: string | readonly string[], options?: RunOptions) => {
    const ran = await at().run(typeof args === 'string' ? args.split(' ') : args, options)
    return { ran, transcript: transcriptOf(ran, text => normalise(text, { ...cluster(), ...at(), suffix })) }
  }
  const configs = async () =>
    (await connect().list()).map(({ name, config, state }) => ({ name, config, state }))
  const deployed: CliContext['deployed'] = async (label, { config = sink(), state = 'STOPPED' } = {}) => {
    const name = newName(label)
    await connect().create(name, config, state === 'STOPPED' ? state : 'RUNNING')
    await settled(name, state === 'STOPPED' ? state : 'RUNNING RUNNING')
    // Created as paused it would have no task.
    if (state === 'PAUSED') await connect().pause(name)
    return name
  }
  return {
    ...{ cluster, connect, sink, terminal: at, newName, settled, deployed },
    reached: async (label, offset) => {
      const name = await deployed(label)
      const partition = { kafka_partition: 0, kafka_topic: cluster().topic }
      await connect().alterOffsets(name, [{ partition, offset: { kafka_offset: offset } }])
      return name
    },
    file: (name, config = sink(), state = 'STOPPED') => {
      const content = { name, ...(state === 'RUNNING' ? {} : { initial_state: state }), config }
      return at().write(`${name}.json`, JSON.stringify(content))
    },
    trib: async (args, options) => (await run(args, options)).transcript,
    json: async args => {
      const { code, stdout, stderr } = (await run(`${args} -o json`)).ran
      if (code !== 0) throw new Error(stderr)
      return JSON.parse(stdout)
    },
    refused: async (args, options) => {
      const before = await configs()
      const changes = cluster().changes?.()
      const { ran, transcript } = await run(args, options)
      expect(ran.code, ran.stderr).toBe(2)
      expect(cluster().changes?.()).toBe(changes)
      expect(await configs()).toEqual(before)
      return transcript
    },
    begin: () => {
      suffix = randomBytes(4).toString('hex')
      const { connectUrl, kafka } = cluster()
      terminal = openTerminal(kafka ? { connectUrl, kafka } : { connectUrl })
    },
    end: async () => {
      terminal?.[Symbol.dispose]()
      terminal = undefined
      const names = [...made]
      made.clear()
      for (const name of names) await connect().delete(name)
      expect((await connect().list()).filter(({ name }) => name.endsWith(suffix))).toEqual([])
    },
  }
}
