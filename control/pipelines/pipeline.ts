import type { Connector } from '../connect/connect-api.ts'

/** From one source connector to one sink connector: the tables whose rows take that way. */
export interface Pipeline {
  /** The source's name; with several sinks `SOURCE/SINK`. Without a source, the sink's. */
  readonly name: string
  /** undefined: nobody deployed here writes what the sink reads. */
  readonly source: Connector | undefined
  /** undefined: nobody deployed here reads what the source writes. */
  readonly sink: Connector | undefined
  readonly tables: readonly PipelineTable[]
}

export interface PipelineTable {
  /** undefined: the topic is read, but no deployed source writes it. */
  readonly source: TableName | undefined
  /** After the source's own routing. */
  readonly topic: string
  /** undefined: no deployed sink reads it, or only the record itself says where it goes. */
  readonly target: TargetName | undefined
}

export interface TableName {
  readonly schema: string
  readonly table: string
}

export interface TargetName {
  /** undefined: the first schema of the sink's search path that has the table. */
  readonly schema: string | undefined
  readonly table: string
}
