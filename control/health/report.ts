/** What health says; what `trib health -o json` prints and the web console shows. */

/** From good to bad. */
export const healthStates = ['ok', 'unknown', 'degraded', 'failed'] as const
export type HealthState = (typeof healthStates)[number]

/** In the direction of the flow. */
export const hopNames = ['database', 'publication', 'slot', 'source', 'topic', 'sink', 'warehouse'] as const
export type HopName = (typeof hopNames)[number]

export type Facts = Readonly<Record<string, string | number | boolean | null>>

export interface HopReport {
  readonly hop: HopName
  readonly state: HealthState
  readonly facts: Facts
  readonly cause: string | null
  readonly command: string | null
  /** Which entry of the catalogue says so. */
  readonly rule: string | null
}

export interface TableReport {
  /** As its database writes it: `public.orders`; null where only the topic is known. */
  readonly table: string | null
  readonly topic: string
  /** null: no deployed sink reads it, or only the record itself says where it goes. */
  readonly target: string | null
  readonly isPublished: boolean | null
  /** Rows changed in the source, written to the topic, and changed in the warehouse, since each began to count. */
  readonly sourceChanges: number | null
  readonly topicEnd: number | null
  readonly targetChanges: number | null
  /** Records that the sink has not confirmed; up to an offset flush behind what has landed. */
  readonly lagRecords: number | null
}

export interface PipelineReport {
  readonly name: string
  readonly state: HealthState
  /** The first hop that explains it, in one sentence. */
  readonly cause: string | null
  readonly command: string | null
  readonly rule: string | null
  readonly source: string | null
  readonly sink: string | null
  readonly freshnessSeconds: number | null
  readonly lagRecords: number | null
  readonly lagSeconds: number | null
  readonly tables: readonly TableReport[]
  readonly hops: readonly HopReport[]
}

export interface HealthReport {
  readonly state: HealthState
  /** What stands in the way of looking at any pipeline. */
  readonly cause: string | null
  readonly command: string | null
  readonly pipelines: readonly PipelineReport[]
}

export function worstState(states: readonly HealthState[]): HealthState {
  return healthStates[Math.max(0, ...states.map(state => healthStates.indexOf(state)))] ?? 'ok'
}
