import type { ErrorCodeName } from '../errors/error-codes.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import type { Reading, Unread } from './snapshot.ts'

interface ReadingOptions {
  /** Who is asked, for the sentence when time is up. */
  readonly what: string
  readonly code: ErrorCodeName
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * A look that says why it failed instead of throwing, and that ends in time: one part that hangs must not keep the
 * others. ^C still throws.
 */
export async function reading<T>(
  look: (signal: AbortSignal) => Promise<T>,
  { what, code, deadlineMs, signal }: ReadingOptions,
): Promise<Reading<T>> {
  const late = new AbortController()
  const expired = new TribError(code, `${what}: no answer within ${deadlineMs / 1000} s`, {
    isRetriable: true,
  })
  const timer = setTimeout(() => late.abort(expired), deadlineMs)
  const inTime = new Promise<never>((_resolve, reject) => {
    late.signal.addEventListener('abort', () => reject(expired), { once: true })
  })
  try {
    const both = signal ? AbortSignal.any([signal, late.signal]) : late.signal
    return { kind: 'read', value: await Promise.race([look(both), inTime]) }
  } catch (error) {
    signal?.throwIfAborted()
    return toUnread(error)
  } finally {
    clearTimeout(timer)
  }
}

/** `isRetriable` is how connections say that nobody answered, or not yet; the rest is a plain no. */
export function toUnread(error: unknown): Unread {
  if (!(error instanceof TribError)) return { kind: 'refused', reason: messageOf(error), command: undefined }
  const { code, hint, isRetriable } = error
  const isSilent = isRetriable || code === 'KAFKA_FAILED' || code === 'CONNECT_FAILED'
  return {
    kind: code === 'CONTEXT_INCOMPLETE' ? 'missing' : isSilent ? 'unreachable' : 'refused',
    reason: error.message,
    command: hint?.startsWith('npx trib ') ? hint : undefined,
  }
}

/** What was read, or undefined. */
export function readOf<T>(seen: Reading<T> | undefined): T | undefined {
  return seen?.kind === 'read' ? seen.value : undefined
}
