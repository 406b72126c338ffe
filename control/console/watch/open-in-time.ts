import type { Database, OpenDatabaseOptions } from '../../database/connect.ts'
import { TribError } from '../../errors/trib-error.ts'
import type { OpenSession } from './kept-sessions.ts'

interface InTimeOptions {
  /** From opening to giving back. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

/** A session that is cut when its user takes too long: a server that hangs must not hang us. */
export async function openInTime(
  open: OpenSession,
  address: OpenDatabaseOptions,
  { deadlineMs, signal }: InTimeOptions,
): Promise<Database> {
  const late = new AbortController()
  const where = `${address.database} at ${address.host}:${address.port}`
  const expired = new TribError('DATABASE_FAILED', `${where}: no answer within ${deadlineMs / 1000} s`)
  const timer = setTimeout(() => late.abort(expired), deadlineMs)
  try {
    const session = await open({ ...address, signal: AbortSignal.any([signal, late.signal]) })
    return {
      where: session.where,
      query: (text, values) => session.query(text, values),
      async [Symbol.asyncDispose]() {
        clearTimeout(timer)
        await session[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    clearTimeout(timer)
    throw error
  }
}
