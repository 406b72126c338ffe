/** What an operator needs of the Kafka Connect REST interface (4.3), in our words; `connect-client.ts` speaks it. */

/** Values are strings, as Connect keeps them; `name` is not among them. */
export type ConnectorConfig = Readonly<Record<string, string>>

/** RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED, RESTARTING; a newer Connect may know others. */
export type RunState = string

export interface TaskStatus {
  readonly id: number
  readonly state: RunState
  readonly workerId: string
  /** The stack trace, where it failed. */
  readonly trace: string | undefined
}

export interface ConnectorStatus {
  readonly name: string
  readonly type: string
  readonly state: RunState
  readonly workerId: string
  readonly trace: string | undefined
  readonly tasks: readonly TaskStatus[]
}

/** A deployed connector: its config and its state. */
export interface Connector extends ConnectorStatus {
  readonly config: ConnectorConfig
}

export interface ClusterInfo {
  readonly version: string
  readonly commit: string
  readonly kafkaClusterId: string
}

export interface Plugin {
  readonly class: string
  /** source, sink, converter, header_converter, transformation, predicate, … */
  readonly type: string
  readonly version: string | undefined
}

/** One key of a plugin, as the plugin itself describes it. */
export interface KeyDefinition {
  readonly name: string
  /** STRING, INT, LONG, SHORT, DOUBLE, BOOLEAN, LIST, CLASS, PASSWORD */
  readonly type: string
  readonly isRequired: boolean
  readonly defaultValue: string | undefined
  readonly importance: string
  readonly documentation: string
}

/** What `validate` says of one key. Values are left out: Connect gives resolved secrets back in some of them. */
export interface KeyFinding {
  readonly definition: KeyDefinition
  readonly errors: readonly string[]
  /** References such as `${env:NAME}` for which the worker found no value. (Default: none) */
  readonly unresolved?: readonly string[]
}

export type JsonObject = Readonly<Record<string, unknown>>

/** A source's own partition and offset; for a sink `{kafka_topic, kafka_partition}` and `{kafka_offset}`. */
export interface ConnectorOffset {
  readonly partition: JsonObject
  /** null: none; when set, the partition's offset is removed. */
  readonly offset: JsonObject | null
}

export interface Logger {
  readonly name: string
  readonly level: string
  readonly lastModifiedMs: number | undefined
}

export type InitialState = 'RUNNING' | 'PAUSED' | 'STOPPED'

export interface RestartOptions {
  readonly includeTasks: boolean
  readonly onlyFailed: boolean
}

/**
 * Every call retries a rebalance (409) and a worker that does not answer, trying the other workers in turn, to one
 * deadline; what Connect only accepts (202, 204) is awaited until it is so. `undefined` means: no such connector.
 */
export interface ConnectClient {
  /** The first worker's address, for messages. */
  readonly url: string
  cluster(): Promise<ClusterInfo>
  /** Every connector with config and state, by name, in one request. */
  list(): Promise<readonly Connector[]>
  config(name: string): Promise<ConnectorConfig | undefined>
  status(name: string): Promise<ConnectorStatus | undefined>
  /** Fails with CONNECTOR_EXISTS where the name is taken: never overwrites. */
  create(name: string, config: ConnectorConfig, initialState?: InitialState): Promise<void>
  /** Creates or replaces. */
  putConfig(name: string, config: ConnectorConfig): Promise<void>
  /** Changes the keys given; null removes one. */
  patchConfig(name: string, patch: Readonly<Record<string, string | null>>): Promise<void>
  /** What Connect says of a config, each key's errors; nothing is changed. */
  validate(config: ConnectorConfig & { readonly name: string }): Promise<readonly KeyFinding[]>
  restart(name: string, options: RestartOptions): Promise<void>
  restartTask(name: string, task: number): Promise<void>
  pause(name: string): Promise<void>
  resume(name: string): Promise<void>
  stop(name: string): Promise<void>
  /** A connector that is not there counts as deleted. */
  delete(name: string): Promise<void>
  offsets(name: string): Promise<readonly ConnectorOffset[]>
  /** The connector must be stopped. Gives Connect's own sentence. */
  alterOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<string>
  resetOffsets(name: string): Promise<string>
  /** The topics that the connector has used since it was created or its topics were reset. */
  topics(name: string): Promise<readonly string[]>
  loggers(): Promise<readonly Logger[]>
  /** `cluster`: on every worker; `worker`: on the one that answers. Gives the loggers touched where Connect tells. */
  setLogLevel(logger: string, level: string, scope: 'worker' | 'cluster'): Promise<readonly string[]>
  /** Connectors only, or converters, transformations and predicates, too. */
  plugins(options: { readonly connectorsOnly: boolean }): Promise<readonly Plugin[]>
  /** The keys that a plugin knows, those common to all connectors included. */
  pluginKeys(pluginClass: string): Promise<readonly KeyDefinition[]>
}

/** How a Connect cluster is reached; what a context gives. */
export interface ConnectAccess {
  /** One or more workers, tried in turn. */
  readonly urls: readonly string[]
  /** `authorization: Basic …` or `Bearer …`, asked anew for each request, so that a token may change. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>
  readonly tls?: TlsFiles | undefined
  /** The context that says so, for commands to paste. (Default: the local stack) */
  readonly context?: string
}

/** PEM texts, already read. */
export interface TlsFiles {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly passphrase?: string | undefined
  /** Whether the server's certificate is checked. (Default: true) */
  readonly rejectUnauthorized?: boolean | undefined
}
