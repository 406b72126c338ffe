import type { NamedBroker } from '../../contexts/service-context.ts'
import type { HealthReport } from '../../health/report.ts'
import type { Snapshot } from '../../health/snapshot.ts'
import type { TableFlow } from './flow.ts'

/** What one look showed, for everybody who asks until the next one. */
export interface Observation {
  readonly snapshot: Snapshot
  /** As `trib health -o json` says it. */
  readonly report: HealthReport
  /** Of every table, over the last seconds. */
  readonly flows: readonly TableFlow[]
  readonly brokers: readonly BrokerState[]
  readonly tookMs: number
}

export interface BrokerState extends NamedBroker {
  readonly isUp: boolean
}
