import type { Clock } from '../../system/clock.ts'

/** Makes an answer when somebody asks, for everybody who asks until it is too old; a failure is not kept. */
export function keepAnswer<T>(
  make: () => Promise<T>,
  { clock, forMs }: { readonly clock: Pick<Clock, 'now'>; readonly forMs: number },
): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly atMs: number } | undefined
  return () => {
    if (kept && clock.now() - kept.atMs < forMs) return kept.answer
    const made = { answer: make(), atMs: clock.now() }
    kept = made
    made.answer.catch(() => {
      if (kept === made) kept = undefined
    })
    return made.answer
  }
}
