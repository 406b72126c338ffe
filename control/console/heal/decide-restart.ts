/** One connector at one look, as far as a restart is concerned. */
export interface ConnectorSight {
  readonly name: string
  /** held: paused or stopped, so somebody has it in hand; unsure: on its way to another state. */
  readonly condition: 'runs' | 'failed' | 'held' | 'unsure'
  /** `task 0`; empty: nothing failed. */
  readonly part: string
  readonly rule: string | null
  readonly cause: string
  readonly command: string | null
  readonly restartMends: boolean
  /** What stands in the way of a restart, at another hop. */
  readonly comesFirst: Obstacle | undefined
}

export interface Obstacle {
  readonly rule: string
  readonly cause: string
  readonly command: string | null
}

/** What is remembered of a connector from its first failure until it has run well for a while. */
export interface Episode {
  readonly attempts: number
  readonly notBeforeMs: number
  /** undefined: it does not run. */
  readonly runsSinceMs: number | undefined
  /** The last restart was said to have helped. */
  readonly isMended: boolean
  /** Why it was not restarted when that was said last, so that it is said once. */
  readonly told: string | undefined
}

export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'restart'; readonly attempt: number }
  | { readonly kind: 'mended'; readonly attempts: number }
  | { readonly kind: 'waits'; readonly for: Obstacle }
  | { readonly kind: 'left' }
  | { readonly kind: 'gave-up'; readonly attempts: number }

export interface Decided {
  readonly decision: Decision
  /** undefined: nothing is to be remembered. */
  readonly episode: Episode | undefined
}

/** The second look at a failure: what was only passing has passed. */
export const firstDelayMs = 2_000
export const maxDelayMs = 300_000
/** The last one begins 8.5 minutes after the failure. */
export const mostAttempts = 8
/** A task is RUNNING before it has done anything; what it fails at, it fails at within a few seconds. */
export const mendedAfterMs = 10_000
/** Longer than every delay: what fails as often as that is one failure that goes on. */
export const forgottenAfterMs = 600_000

/** 2 s, 4 s, … after so many restarts. */
export function delayAfter(attempts: number): number {
  return Math.min(firstDelayMs * 2 ** attempts, maxDelayMs)
}

const nothing: Decision = { kind: 'nothing' }

/** Pure: whether a connector is restarted now, and what is remembered of that for the next look. */
export function decideRestart(sight: ConnectorSight, before: Episode | undefined, nowMs: number): Decided {
  switch (sight.condition) {
    case 'held':
      return { decision: nothing, episode: undefined }
    case 'unsure':
      return { decision: nothing, episode: before && { ...before, runsSinceMs: undefined } }
    case 'runs':
      return before ? running(before, nowMs) : { decision: nothing, episode: undefined }
    case 'failed':
      return failing(sight, before, nowMs)
  }
}

function running(before: Episode, nowMs: number): Decided {
  const runsSinceMs = before.runsSinceMs ?? nowMs
  const ranForMs = nowMs - runsSinceMs
  if (ranForMs >= forgottenAfterMs) return { decision: nothing, episode: undefined }
  const episode = { ...before, runsSinceMs }
  if (before.attempts === 0 || before.isMended || ranForMs < mendedAfterMs)
    return { decision: nothing, episode }
  return {
    decision: { kind: 'mended', attempts: before.attempts },
    episode: { ...episode, isMended: true },
  }
}

function failing(sight: ConnectorSight, before: Episode | undefined, nowMs: number): Decided {
  const episode = failedEpisode(before, nowMs)
  const { rule, cause, comesFirst, restartMends } = sight
  // What cannot be mended stays so, whatever else is wrong.
  if (!restartMends) return once({ kind: 'left' }, { episode, reason: `left: ${rule ?? cause}` })
  if (comesFirst) {
    const later = { ...episode, notBeforeMs: Math.max(episode.notBeforeMs, nowMs + firstDelayMs) }
    return once({ kind: 'waits', for: comesFirst }, { episode: later, reason: `waits: ${comesFirst.rule}` })
  }
  if (episode.attempts >= mostAttempts)
    return once({ kind: 'gave-up', attempts: episode.attempts }, { episode, reason: 'gave up' })
  if (nowMs < episode.notBeforeMs) return { decision: nothing, episode }
  const attempt = episode.attempts + 1
  return {
    decision: { kind: 'restart', attempt },
    episode: { ...episode, attempts: attempt, notBeforeMs: nowMs + delayAfter(attempt), told: undefined },
  }
}

/** Where it ran meanwhile it has failed anew, and why it is left is said anew. */
function failedEpisode(before: Episode | undefined, nowMs: number): Episode {
  const hasFailedAnew = before === undefined || before.runsSinceMs !== undefined
  return {
    attempts: before?.attempts ?? 0,
    notBeforeMs: before?.notBeforeMs ?? nowMs + firstDelayMs,
    runsSinceMs: undefined,
    isMended: false,
    told: hasFailedAnew ? undefined : before.told,
  }
}

function once(
  decision: Decision,
  { episode, reason }: { readonly episode: Episode; readonly reason: string },
): Decided {
  if (episode.told === reason) return { decision: nothing, episode }
  return { decision, episode: { ...episode, told: reason } }
}
