import type { Admin, RetryOptions } from 'kafkajs'
import { unlessAborted } from '../system/unless-aborted.ts'
import { kafkaFailure } from './kafka-failure.ts'
import { type KafkaAccess, openKafka } from './open-kafka.ts'

/** A client for questions about topics, connected at the first of them. */
export interface OpenAdmin extends AsyncDisposable {
  /** What fails is told in our words, beginning with `what`; an abort ends it at once. */
  ask<T>(question: (admin: Admin) => Promise<T>, what?: string): Promise<T>
}

interface OpenOptions {
  readonly signal?: AbortSignal | undefined
  readonly retry?: RetryOptions
}

export function openAdmin(access: KafkaAccess, { signal, retry }: OpenOptions = {}): OpenAdmin {
  const admin = openKafka(access, retry).admin()
  let connected: Promise<void> | undefined
  return {
    ask: async (question, what) => {
      try {
        signal?.throwIfAborted()
        connected ??= admin.connect()
        // Raced: where no broker answers, kafkajs goes on for half a minute, whoever pressed ^C.
        return await unlessAborted(
          connected.then(() => question(admin)),
          signal,
        )
      } catch (error) {
        signal?.throwIfAborted()
        throw await kafkaFailure(error, access, what)
      }
    },
    async [Symbol.asyncDispose]() {
      const ended = connected?.then(
        () => admin.disconnect(),
        () => admin.disconnect(),
      )
      if (signal?.aborted) ended?.catch(() => {})
      else await ended
    },
  }
}
