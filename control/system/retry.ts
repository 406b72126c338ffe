import { TribError } from '../errors/trib-error.ts'
import { type Clock, systemClock } from './clock.ts'

interface WaitOptions {
  /** What is awaited, for the deadline's message: `connect to answer`. */
  readonly what: string
  readonly deadlineMs: number
  /** Time between two looks. (Default: 200 ms) */
  readonly intervalMs?: number
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock
  readonly hint?: string
}

/** Looks until `look` gives a value; its last answer or error stands in the message when time is up. */
export async function waitFor<T>(look: () => Promise<Outlook<T>>, options: WaitOptions): Promise<T> {
  const { what, deadlineMs, intervalMs = 200, signal, clock = systemClock, hint } = options
  const startedAt = clock.now()
  for (;;) {
    signal?.throwIfAborted()
    const outlook = await look()
    if ('done' in outlook) return outlook.done
    if (clock.now() - startedAt >= deadlineMs) {
      throw new TribError(
        'DEADLINE_EXCEEDED',
        `waited ${Math.round(deadlineMs / 1000)} s for ${what}; last seen: ${outlook.pending}`,
        { hint },
      )
    }
    await clock.wait(intervalMs, signal)
  }
}

export type Outlook<T> = { readonly done: T } | { readonly pending: string }

interface RetryOptions {
  readonly deadlineMs: number
  /** (Default: 100 ms) */
  readonly firstDelayMs?: number
  /** (Default: 2,000 ms) */
  readonly maxDelayMs?: number
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock
  readonly random?: () => number
}

/** Repeats while the error says that repeating may help, with capped, jittered delays, until the deadline. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { deadlineMs, firstDelayMs = 100, maxDelayMs = 2_000, signal } = options
  const { clock = systemClock, random = Math.random } = options
  const deadline = clock.now() + deadlineMs
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, maxDelayMs)) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      const jitteredMs = delayMs / 2 + (random() * delayMs) / 2
      const mayRetry = error instanceof TribError && error.isRetriable
      if (!mayRetry || clock.now() + jitteredMs > deadline) throw error
      await clock.wait(jitteredMs, signal)
    }
  }
}
