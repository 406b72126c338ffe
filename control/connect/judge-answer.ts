import * as z from 'zod'
import { setContextCommand } from '../contexts/set-context-command.ts'
import { TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import type { HttpAnswer, Method } from './open-worker.ts'
import { plainSentence } from './plain-sentence.ts'
import { refusalOf } from './refusal.ts'

/** What a request is about, to tell one 404 from another. */
export interface Subject {
  readonly connector?: string
  readonly task?: number
  readonly pluginClass?: string | undefined
  readonly logLevel?: string
}

export interface AskedFor {
  readonly method: Method
  readonly path: string
  readonly what: string
  readonly about?: Subject
  readonly url: string
  /** Kind of credentials, in words. */
  readonly authentication: string
  readonly hint: string
  /** For commands to paste. (Default: the local stack) */
  readonly context?: string | undefined
}

type Verdict =
  | { readonly kind: 'done'; readonly data: unknown }
  | { readonly kind: 'rebalance' | 'unavailable'; readonly reason: string }

const refusalSchema = z.object({ message: z.string() })

/** What may change by itself is given; what does not is thrown in our words. */
export function judgeAnswer(answer: HttpAnswer, asked: AskedFor): Verdict {
  const { status } = answer
  const { url, what, hint } = asked
  if (status === 401 || status === 403) throw denied(answer, asked)
  if (status >= 300 && status < 400) {
    throw new TribError(
      'CONNECT_FAILED',
      `${url} does not answer, but sends on to ${withoutQuery(answer.location)} (HTTP ${status})`,
      { hint: `is it the worker itself, not a proxy? curl -sSi ${shellWord(`${url}/`)}` },
    )
  }
  const body = readJson(answer.text)
  // 502 and 504 are a proxy's, for a worker that is just starting anew.
  if (status === 503 || status === 502 || status === 504)
    return { kind: 'unavailable', reason: `HTTP ${status}${body.isJson ? messageIn(body.data) : ''}` }
  if (!body.isJson) throw notJson(answer, asked)
  if (status < 300) return { kind: 'done', data: body.data }

  const refusal = refusalSchema.safeParse(body.data)
  const message = refusal.success ? refusal.data.message : `HTTP ${status}`
  if (isRebalance(status, message)) return { kind: 'rebalance', reason: plainSentence(message) }
  throw refusalOf({ status, message, what, hint, asked })
}

/**
 * 409 is a rebalance or a name that is taken. Where a worker answers by itself, without its leader, the same rebalance
 * is 500 with the same words (seen on 4.3.1 for GET of a connector and of its config).
 */
function isRebalance(status: number, message: string): boolean {
  if (status === 409) return !/already exists/.test(message)
  return status === 500 && /rebalance (is|was) |stale configuration/.test(message)
}

function denied({ status, challenge = '' }: HttpAnswer, asked: AskedFor): TribError {
  const { url, authentication, context } = asked
  const isToken = /^bearer/i.test(challenge) || (challenge === '' && authentication.startsWith('bearer'))
  // 403 is for whom it knows, and lets do less: other credentials, but nobody knows which.
  const hint =
    status === 403 || context === undefined
      ? 'npx trib config get-contexts'
      : isToken
        ? setContextCommand(context, '--connect-token', 'env:CONNECT_TOKEN')
        : setContextCommand(context, '--connect-user', 'USER', '--connect-password', 'env:CONNECT_PASSWORD')
  return new TribError('CONNECT_DENIED', `${url} refuses the request (HTTP ${status}); ${authentication}`, {
    hint,
  })
}

function notJson({ contentType, text }: HttpAnswer, { url }: AskedFor): TribError {
  const title = /<title[^>]*>\s*([^<]*?)\s*<\/title>/i.exec(text)?.[1] ?? text.trim()
  const shown = title.length > 60 ? `${title.slice(0, 60)}…` : title
  return new TribError(
    'CONNECT_FAILED',
    `${url} answered with ${contentType || 'a text'} ("${shown}") instead of Kafka Connect's JSON`,
    { hint: `is it the worker itself, not a proxy or another service? curl -sSi ${shellWord(`${url}/`)}` },
  )
}

/** A login page's address may carry a session in its query. */
function withoutQuery(location = 'nowhere'): string {
  return location.replace(/[?#].*/s, '')
}

function readJson(text: string): { readonly isJson: boolean; readonly data: unknown } {
  if (text.trim() === '') return { isJson: true, data: undefined }
  try {
    return { isJson: true, data: JSON.parse(text) }
  } catch {
    return { isJson: false, data: undefined }
  }
}

function messageIn(data: unknown): string {
  const refusal = refusalSchema.safeParse(data)
  return refusal.success ? `: ${plainSentence(refusal.data.message)}` : ''
}
