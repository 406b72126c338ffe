/** What the server tells its pages; types only, as both sides are compiled from them. */
import type { HealthState, HopName } from '../health/report.ts'
import type { VerifyReport } from '../verify/verify-report.ts'

/** The first event of each stream. */
export interface Hello {
  readonly version: string
  /** Of the page's files: one that is older than its server loads itself again. */
  readonly build: string
  /** Sent back in a header with each change; a foreign page cannot read this stream. null: nothing may be changed. */
  readonly token: string | null
  readonly context: string
  readonly charts: readonly ChartPlan[]
}

/** What changed since the last one; the first one that a page gets is whole. */
export interface BoardChange {
  readonly atMs: number
  readonly isWhole: boolean
  readonly state: HealthState
  /** What stands in the way of looking at any pipeline. */
  readonly cause: string | null
  readonly command: string | null
  readonly brokers: readonly { readonly name: string; readonly isUp: boolean }[]
  readonly pipelines: readonly PipelineCard[]
  readonly connectors: readonly ConnectorCard[]
  /** Names of those that are not there any more. */
  readonly gonePipelines: readonly string[]
  readonly goneConnectors: readonly string[]
  readonly inventory: InventorySummary
}

/** How much there is to see on the other pages; what it is, they fetch. */
export interface InventorySummary {
  /** When it was taken: with another one a page fetches its report again. null: none was yet. */
  readonly atMs: number | null
  readonly backfills: number
  /** Slots that nobody here reads, or that are lost. */
  readonly badSlots: number
  /** Records that were put aside and are not mended. */
  readonly badRecords: number
  readonly problems: Readonly<Record<'slots' | 'backfills' | 'letters', readonly string[]>>
}

export interface PipelineCard {
  readonly name: string
  readonly state: HealthState
  readonly cause: string | null
  readonly command: string | null
  readonly source: string | null
  readonly sink: string | null
  readonly tables: readonly string[]
  readonly inPerSecond: number | null
  readonly recordsPerSecond: number | null
  readonly outPerSecond: number | null
  readonly lagRecords: number | null
  readonly freshnessSeconds: number | null
  readonly retainedBytes: number | null
  readonly hops: readonly HopCard[]
}

export interface HopCard {
  readonly hop: HopName
  readonly state: HealthState
  /** The thing itself, as its owner calls it: a database, a slot, a connector. */
  readonly name: string | null
  readonly cause: string | null
  readonly command: string | null
}

export interface ConnectorCard {
  readonly name: string
  readonly type: string
  readonly class: string
  readonly state: string
  readonly tasks: readonly { readonly id: number; readonly state: string }[]
  readonly failure: string | null
}

/** How the rows of one question become a chart. */
export interface ChartPlan {
  readonly question: string
  readonly title: string
  readonly bars: { readonly column: string; readonly label: string }
  readonly line: { readonly column: string; readonly label: string }
}

/** One row of an answer: the week, what is new, the total. */
export type AnswerRow = readonly [week: string, bars: number, line: number]

export interface AnswerChange {
  readonly question: string
  readonly isWhole: boolean
  /** In the order of weeks; those that are there already are replaced. */
  readonly rows: readonly AnswerRow[]
  readonly goneWeeks: readonly string[]
  /** Why what is shown may be old. */
  readonly problem: string | null
}

export type Severity = 'info' | 'warn' | 'error'

export interface ActivityEntry {
  readonly id: number
  readonly atMs: number
  readonly severity: Severity
  /** What it is about: a pipeline, a connector, the console. */
  readonly subject: string
  readonly text: string
  readonly command: string | null
}

export interface VerifyState {
  readonly isRunning: boolean
  readonly progress: string | null
  readonly finishedAtMs: number | null
  readonly report: VerifyReport | null
  /** Why the last one could not be done at all. */
  readonly problem: string | null
  /** What helps, ready to be pasted; null: all is equal, or nobody looked yet. */
  readonly command: string | null
}

export interface JobState {
  readonly name: string
  readonly about: string
  readonly isRunning: boolean
  readonly problem: string | null
}
