import { messageOf, TribError } from '../../errors/trib-error.ts'
import type { HealthState } from '../../health/report.ts'
import type { Clock } from '../../system/clock.ts'
import { retry } from '../../system/retry.ts'
import { createNewcomers } from '../newcomers.ts'
import type { Job, JobAccess } from '../run-jobs.ts'
import { type HealthChange, healthChanges } from './health-changes.ts'

export interface WebhookOptions extends JobAccess {
  readonly url: string
  readonly clock: Clock
  readonly mask: (text: string) => string
  readonly toPaste: (text: string) => string
  /** In all, for one change at one look. (Default: 20,000 ms) */
  readonly deadlineMs?: number
}

const answerWithinMs = 5_000

/** POSTs each change of a pipeline's health; what is not taken is sent again as it is at the next look. */
export function callWebhook(options: WebhookOptions): Job {
  const { activity, clock, nextObservation } = options
  const told = new Map<string, HealthState>()
  const newcomersOf = createNewcomers()
  let problem: string | undefined
  const send = async (change: HealthChange, signal: AbortSignal) => {
    try {
      await post(change, options, signal)
      told.set(change.pipeline, change.to)
      if (problem !== undefined)
        activity.note({ severity: 'info', subject: 'webhook', text: 'takes messages again', command: null })
      problem = undefined
    } catch (error) {
      signal.throwIfAborted()
      // Once for each reason: a webhook that is away all night must not fill the log.
      if (problem !== messageOf(error))
        activity.note({ severity: 'warn', subject: 'webhook', text: messageOf(error), command: null })
      problem = messageOf(error)
    }
  }
  return {
    name: 'webhook',
    about: 'tells a webhook when the health of a pipeline changes',
    async run(signal) {
      for (;;) {
        const { report, snapshot } = await nextObservation(signal)
        const newcomers = newcomersOf(report, snapshot.atMs)
        for (const change of healthChanges(told, report, { atMs: clock.now(), newcomers }))
          await send(change, signal)
        for (const { name, state } of report.pipelines)
          if (state === 'ok' && !told.has(name)) told.set(name, state)
        if (report.pipelines.length > 0)
          for (const name of told.keys())
            if (!report.pipelines.some(one => one.name === name)) told.delete(name)
      }
    },
  }
}

async function post(
  change: HealthChange,
  { url, clock, mask, toPaste, deadlineMs = 20_000 }: WebhookOptions,
  signal: AbortSignal,
): Promise<void> {
  const command = change.command && toPaste(change.command)
  const body = mask(JSON.stringify({ ...change, command }))
  await retry(() => postOnce(url, body, signal), { deadlineMs, firstDelayMs: 500, clock, signal })
}

/** Its path may hold a token: only the host is ever named. */
async function postOnce(url: string, body: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  }).catch(error => {
    signal.throwIfAborted()
    throw failed(url, `does not answer: ${reasonOf(error)}`, { cause: error, isRetriable: true })
  })
  await response.body?.cancel()
  const { ok, status } = response
  if (!ok)
    throw failed(url, `refuses the message (${status})`, { isRetriable: status >= 500 || status === 429 })
}

function failed(
  url: string,
  sentence: string,
  options: { readonly cause?: unknown; readonly isRetriable: boolean },
): TribError {
  return new TribError('WEBHOOK_FAILED', `${hostOf(url)} ${sentence}`, options)
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : 'CONSOLE_WEBHOOK_URL')

function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}
