import { type ErrorCodeName, errorCodes } from './error-codes.ts'

export interface TribErrorOptions {
  /** One command or step that helps, ready to be pasted. */
  readonly hint?: string | undefined
  readonly cause?: unknown
  /** Whether the same call may succeed when repeated. (Default: false) */
  readonly isRetriable?: boolean
}

/** The one error that users see: a code, a sentence with the real values, and a hint that can be pasted. */
export class TribError extends Error {
  override readonly name = 'TribError'
  readonly code: ErrorCodeName
  readonly hint: string | undefined
  readonly isRetriable: boolean

  constructor(code: ErrorCodeName, message: string, options: TribErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.isRetriable = options.isRetriable ?? false
  }

  get exitCode(): number {
    return errorCodes[this.code].exit
  }
}

/** What a person reads of it, however it reaches them: code, sentence, and what helps. */
export function describeError({ code, message, hint }: Pick<TribError, 'code' | 'message' | 'hint'>): string {
  return `${code}: ${message}${hint ? `\n  → ${hint}` : ''}\n`
}

/** The sentence of whatever was thrown, for use inside another sentence. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
