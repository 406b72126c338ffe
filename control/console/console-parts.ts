import type { ConnectClient } from '../connect/connect-api.ts'
import type { Database } from '../database/connect.ts'
import type { Snapshot } from '../health/snapshot.ts'
import type { Log } from '../output/log.ts'
import type { Chart } from '../scenarios/scenario.ts'
import type { Clock } from '../system/clock.ts'
import type { InventoryReaders } from './inventory/inventory.ts'
import type { Job, JobAccess } from './run-jobs.ts'
import type { Assets } from './server/assets.ts'
import type { VerifierOptions } from './steer/verifier.ts'
import type { BrokerState } from './watch/observation.ts'

/** Rows as `trib status` and `trib doctor` print them; made when somebody asks, and kept for a while. */
export interface AskedReports {
  readonly status: () => Promise<readonly object[]>
  readonly doctor: () => Promise<readonly object[]>
}

/** The world around a console: real parts in the service, made-up ones in tests. */
export interface ConsoleParts {
  readonly port: number
  readonly bindAddress: string
  readonly ownName: string | undefined
  readonly token: string
  readonly isReadOnly: boolean
  readonly contextName: string
  readonly charts: readonly Chart[]
  readonly assets: Assets
  readonly look: () => Promise<Snapshot>
  readonly probe: () => Promise<readonly BrokerState[]>
  readonly inventory: InventoryReaders
  /** Asked for by scripts, not by pages. */
  readonly ask: AskedReports
  readonly openWarehouse: () => Promise<Database>
  readonly steer: Pick<ConnectClient, 'restart' | 'pause' | 'resume' | 'status'>
  readonly verify: VerifierOptions['verify']
  /** Begun with the console, ended with it. */
  readonly jobs: (access: JobAccess) => readonly Job[]
  readonly toPaste: (text: string) => string
  readonly mask: (text: string) => string
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  /** Where it listens, as soon as it does. */
  readonly onListening?: (port: number) => void
}
