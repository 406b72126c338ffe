import { beatEveryMs, type Span } from '../pipelines/beat-log.ts'

export interface BeatLoss extends Span {
  readonly beats: number
}

/** Beats of the one side that the other lacks, up to a time until which both must have them; pure. */
export function beatsOnlyIn(
  one: readonly Span[],
  other: readonly Span[],
  { untilMs }: { readonly untilMs: number },
): BeatLoss | undefined {
  // The older beats are pruned on both sides, at moments that differ.
  const sinceMs = Math.max(one[0]?.fromMs ?? 0, other[0]?.fromMs ?? 0)
  const there = new Set(beatsOf(other))
  const only = beatsOf(one).filter(at => at >= sinceMs && at <= untilMs && !there.has(at))
  const [fromMs] = only
  const toMs = only.at(-1)
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs, beats: only.length }
}

function beatsOf(runs: readonly Span[]): readonly number[] {
  return runs.flatMap(({ fromMs, toMs }) =>
    Array.from({ length: Math.round((toMs - fromMs) / beatEveryMs) + 1 }, (_, n) => fromMs + n * beatEveryMs),
  )
}
