import * as z from 'zod'
import { messageOf, TribError } from '../errors/trib-error.ts'

interface ClientOptions {
  /** `http://127.0.0.1:27164`. */
  readonly url: string
  readonly signal: AbortSignal
}

interface Call<T> {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** As Metabase's description writes it, its last slash included. */
  readonly path: string
  readonly body?: unknown
  readonly answer: z.ZodType<T>
  /** What `login` gave; none is sent before. */
  readonly session?: string
}

/** One request to Metabase; every failure is a TribError with Metabase's own sentence. */
export type AskMetabase = <T>(call: Call<T>) => Promise<T>

/** A dashboard with many cards is written within seconds; the first login makes Metabase hash a password. */
const answerWithinMs = 30_000

export function createMetabaseClient({ url, signal }: ClientOptions): AskMetabase {
  return async ({ method, path, body, answer, session }) => {
    const what = `${method} ${path}`
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(session === undefined ? {} : { 'x-metabase-session': session }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    }).catch(error => {
      signal.throwIfAborted()
      throw failed(`${url} does not answer ${what}: ${reasonOf(error)}`, { cause: error, isRetriable: true })
    })
    const text = await response.text()
    if (!response.ok) throw failed(`Metabase refuses ${what} (${response.status}): ${sentenceIn(text)}`)
    const parsed = answer.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    throw failed(`Metabase answers ${what} in a shape that is not known here`, { cause: parsed.error })
  }
}

function failed(
  sentence: string,
  options: { readonly cause?: unknown; readonly isRetriable?: boolean } = {},
) {
  return new TribError('METABASE_FAILED', sentence, { ...options, hint: 'npx trib logs metabase --tail 50' })
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return messageOf(cause)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const refusalSchema = z.looseObject({
  message: z.string().optional(),
  errors: z.record(z.string(), z.unknown()).optional(),
})

/** Metabase explains itself as text, as `message`, or as `errors` by field. */
function sentenceIn(text: string): string {
  const parsed = refusalSchema.safeParse(parseJson(text))
  const { message, errors } = parsed.success ? parsed.data : {}
  const byField = Object.entries(errors ?? {}).map(([field, reason]) => `${field}: ${reason}`)
  return (message ?? (byField.join('; ') || text || 'no reason given')).slice(0, 300)
}
