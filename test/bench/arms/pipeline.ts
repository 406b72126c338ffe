import type { LoadTable } from '../loads/load.ts'

/** An arm, set up over the tables of a load. */
export interface Pipeline extends AsyncDisposable {
  /** Begins: the rows that are there are copied first. */
  start(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Rejects, with the reason, where it has failed. */
  check(): Promise<void>
}

export interface PipelineOptions {
  /** For everything that has to have a name. */
  readonly id: string
  readonly tables: readonly LoadTable[]
}
