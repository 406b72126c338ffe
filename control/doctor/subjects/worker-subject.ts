import type { ConnectClient } from '../../connect/connect-api.ts'
import type { Examined } from './examined.ts'

/** The workers of a Connect cluster, as far as the context names them, and what they are to run. */
export interface WorkerSubject {
  /** One client for each, so that each is asked. */
  readonly workers: readonly ConnectClient[]
  readonly connectors: readonly Examined[]
  /** Those that connectors may read there; undefined where only the workers know. */
  readonly variables: ReadonlySet<string> | undefined
}
