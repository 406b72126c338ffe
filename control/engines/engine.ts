import type { Service, Topology } from '../topology/topology.ts'

export type EngineKind = 'docker' | 'native'

export type ServiceState = 'stopped' | 'starting' | 'healthy' | 'unhealthy'

export interface ServiceStatus {
  readonly service: string
  readonly state: ServiceState
  /** What a person would ask next: what it waits for, or why it ended. */
  readonly detail: string
  /** Process id or container id. */
  readonly id: string | undefined
}

export interface StartOptions {
  readonly signal: AbortSignal
  readonly onChange: (status: ServiceStatus) => void
  /** Called as soon as this call has started a service, so that ^C can end just those. */
  readonly onStarted: (service: string) => void
}

export interface LogOptions {
  readonly isFollowing: boolean
  readonly tail: number | undefined
  readonly signal: AbortSignal
  readonly write: (text: string) => void
}

/** What runs the topology. The commands know no other difference between Docker and native processes. */
export interface Engine {
  readonly kind: EngineKind
  /** The topology as this engine sees it: hosts, bind addresses and data folders filled in. */
  readonly topology: Topology
  /** Brings what the services are made of (jars, binaries, images), and checks the ground: tools, ports. */
  prepare(options: PrepareOptions): Promise<void>
  /** Starts what does not run, in parallel as the conditions allow; resolves once all are healthy. */
  start(options: StartOptions): Promise<void>
  status(): Promise<readonly ServiceStatus[]>
  /** Ends services, dependents first. Gives the names of those that ran. */
  stop(options: StopOptions): Promise<readonly string[]>
  logs(service: Service, options: LogOptions): Promise<void>
}

export interface PrepareOptions {
  readonly signal: AbortSignal
  readonly onProgress: (what: string, detail: string) => void
}

export interface StopOptions {
  /** (Default: all of them) */
  readonly services?: readonly string[]
  /** Remove their data too; only when all are ended. (Default: false) */
  readonly isRemovingData?: boolean
  readonly onChange?: (service: string, detail: string) => void
}
