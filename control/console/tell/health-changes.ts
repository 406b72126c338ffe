import type { HealthReport, HealthState } from '../../health/report.ts'

/** What a webhook is sent. */
export interface HealthChange {
  /** ISO 8601. */
  readonly at: string
  readonly pipeline: string
  /** null: it was not seen before. */
  readonly from: HealthState | null
  readonly to: HealthState
  readonly cause: string | null
  readonly command: string | null
}

interface ChangesOptions {
  readonly atMs: number
  /** Pipelines that were deployed a moment ago, of which nothing is said yet. */
  readonly newcomers: ReadonlySet<string>
}

/** Pure: how pipelines are now, where that is not what was told last. One that was never told and is well is no news. */
export function healthChanges(
  told: ReadonlyMap<string, HealthState>,
  report: HealthReport,
  { atMs, newcomers }: ChangesOptions,
): readonly HealthChange[] {
  const at = new Date(atMs).toISOString()
  return pipelinesOf(told, report)
    .filter(({ name, state }) => !newcomers.has(name) && state !== (told.get(name) ?? 'ok'))
    .map(({ name, state, cause, command }) => ({
      ...{ at, pipeline: name, from: told.get(name) ?? null, to: state, cause, command },
    }))
}

/** Where no pipeline can be seen, as Connect does not answer, each that was known is as bad as that. */
function pipelinesOf(
  told: ReadonlyMap<string, HealthState>,
  { pipelines, state, cause, command }: HealthReport,
) {
  if (pipelines.length > 0) return pipelines
  return [...told.keys()].map(name => ({ name, state, cause, command }))
}
