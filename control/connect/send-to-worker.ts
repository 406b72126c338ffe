import type * as z from 'zod'
import { TribError } from '../errors/trib-error.ts'
import { shellWord } from '../output/shell-words.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { retry } from '../system/retry.ts'
import type { ConnectAccess } from './connect-api.ts'
import { judgeAnswer, type Subject } from './judge-answer.ts'
import { type HttpRequest, openWorker, type Worker } from './open-worker.ts'
import { type TransportFailure, transportFailure } from './transport-failure.ts'
import { sentAuthentication, shownUrl } from './worker-url.ts'

export interface SendOptions {
  readonly signal?: AbortSignal | undefined
  /** How long a rebalance or a worker that does not answer is waited for. (Default: 60,000 ms) */
  readonly deadlineMs?: number
  /** How long it may be that not one worker accepts a connection. (Default: 2,000 ms) */
  readonly unreachableDeadlineMs?: number
  readonly clock?: Clock
  readonly random?: () => number
  /** What helps where no worker answers, or one fails. (Default: `curl -sS URL/`, which works on any cluster) */
  readonly stackHint?: string | undefined
}

export interface ConnectRequest extends Pick<HttpRequest, 'method' | 'path' | 'body'> {
  /** What could not be done, for the sentence: `pause x`. */
  readonly what: string
  readonly about?: Subject
  /** A worker may have acted on the request although no answer came. */
  readonly onAnswerLost?: () => void
}

export interface Connection {
  /** The first worker's, as it may be shown. */
  readonly url: string
  send<S extends z.ZodType>(request: ConnectRequest, schema: S): Promise<z.output<S>>
}

type Failure = { readonly url: string; readonly reason: string } & (
  | TransportFailure
  | { readonly kind: 'rebalance' | 'unavailable' }
)

/** Every request of ours goes through here: the workers in turn, then again with jitter until the deadline. */
export function openConnection(access: ConnectAccess, options: SendOptions = {}): Connection {
  const { deadlineMs = 60_000, unreachableDeadlineMs = 2_000, signal } = options
  const { clock = systemClock, random = Math.random } = options
  // One worker that hangs leaves the others their time.
  const timeoutMs = Math.min(30_000, deadlineMs / access.urls.length)
  const workers = access.urls.map(url => openWorker(url, { tls: access.tls, timeoutMs }))
  const [first] = workers
  if (!first)
    throw new TribError('CONTEXT_INCOMPLETE', 'no address of Kafka Connect is given', {
      hint: 'npx trib config set-context --help',
    })
  const url = shownUrl(first.url)
  const hint = options.stackHint ?? `curl -sS ${shellWord(`${url}/`)}`
  const ask = async (worker: Worker, request: ConnectRequest) =>
    askWorker(worker, request, { headers: (await access.headers?.()) ?? {}, signal, hint, access })
  return {
    url,
    send: (request, schema) => {
      const startedAt = clock.now()
      let isReached = false
      const round = async () => {
        const failures: Failure[] = []
        for (const worker of workers) {
          const answer = await ask(worker, request)
          if (answer.kind === 'done') return parse(schema, answer.data, shownUrl(worker.url))
          if (answer.kind === 'lost') request.onAnswerLost?.()
          if (answer.kind !== 'unreachable') isReached = true
          failures.push(answer)
          // The others are in the same rebalance.
          if (answer.kind === 'rebalance') break
        }
        const isRetriable = isReached || clock.now() - startedAt < unreachableDeadlineMs
        throw new TribError('CONNECT_FAILED', sentenceOf(request, failures), { hint, isRetriable })
      }
      // Capped at a second: a rebalance takes about three, and a cluster that is down is told of after two.
      return retry(round, { deadlineMs, maxDelayMs: 1_000, signal, clock, random })
    },
  }
}

interface AskOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
  readonly hint: string
  readonly access: ConnectAccess
}

type Reply = { readonly kind: 'done'; readonly data: unknown } | Failure

async function askWorker(
  worker: Worker,
  request: ConnectRequest,
  { headers, signal, hint, access }: AskOptions,
): Promise<Reply> {
  const url = shownUrl(worker.url)
  const answer = await worker.send({ ...request, headers, signal }).catch(async error => {
    signal?.throwIfAborted()
    return { url, ...(await transportFailure(error, url, { ...access, signal })) }
  })
  if ('kind' in answer) return answer
  const authentication = sentAuthentication(worker.url, headers)
  const verdict = judgeAnswer(answer, { ...request, url, authentication, hint, context: access.context })
  return verdict.kind === 'done' ? verdict : { url, ...verdict }
}

function sentenceOf({ what }: ConnectRequest, failures: readonly Failure[]): string {
  if (failures.every(({ kind }) => kind === 'unreachable')) {
    const places = failures.map(({ url, reason }) => `${url} (${reason})`)
    return `no Kafka Connect answers at ${places.join(', ')}`
  }
  return `could not ${what}: ${failures.map(({ url, ...failure }) => `${url} ${say(failure)}`).join('; ')}`
}

function say({ kind, reason }: Pick<Failure, 'kind' | 'reason'>): string {
  if (kind === 'unreachable') return `refuses connections (${reason})`
  return kind === 'lost' ? `gave no answer (${reason})` : `says: ${reason}`
}

function parse<S extends z.ZodType>(schema: S, data: unknown, url: string): z.output<S> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw new TribError(
    'CONNECT_FAILED',
    `${url} does not answer as Kafka Connect: ${where}${issue?.message}`,
    { hint: `is it the worker itself, not another service? curl -sS ${shellWord(`${url}/`)}` },
  )
}
