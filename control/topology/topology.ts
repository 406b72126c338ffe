/** What `docker-compose.yml` says, after variables are filled in: the one description of the running system. */
export interface Topology {
  readonly project: string
  /** In the order of the file; only services whose profile is active. */
  readonly services: readonly Service[]
  readonly volumes: readonly string[]
  /** Profiles that the file knows, active or not. */
  readonly profiles: readonly string[]
  /** Names of the services whose profile is not active. */
  readonly inactive: readonly string[]
}

export interface Service {
  readonly name: string
  /** As in the file, with its tag: `apache/kafka:4.3.1`. */
  readonly image: string
  readonly isBuilt: boolean
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly ports: readonly PublishedPort[]
  readonly mounts: readonly Mount[]
  readonly dependsOn: readonly Dependency[]
  readonly health: HealthCheck | undefined
  readonly profiles: readonly string[]
  readonly stopSignal: NodeJS.Signals | undefined
  /** How long a stop may take before the process is killed. (Default: 10 s, as in Docker) */
  readonly stopGraceMs: number
  /** Keys that only a container can honour; the native engine lists them in `status`. */
  readonly containersOnly: readonly string[]
}

/** The same port inside and outside; `variable` is what a user changes when the port is taken. */
export interface PublishedPort {
  readonly host: string
  readonly port: number
  readonly variable: string | undefined
}

/** A named volume and where the service sees it. */
export interface Mount {
  readonly volume: string
  readonly path: string
}

export interface Dependency {
  readonly service: string
  readonly condition: 'service_started' | 'service_healthy'
}

export interface HealthCheck {
  readonly probe: Probe
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly retries: number
  /** Failures during this time after the start do not count. */
  readonly startPeriodMs: number
  /** Time between probes during the start period. (Default: 5 s, as in Docker) */
  readonly startIntervalMs: number
}

/** The closed list of health checks: each has a native form. */
export type Probe =
  | {
      readonly kind: 'postgres'
      readonly host: string
      readonly port: number
      readonly user: string
      readonly database: string
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'http'; readonly url: string }
