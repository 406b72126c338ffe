import { DatabaseError } from 'pg'
import { messageOf, TribError } from '../errors/trib-error.ts'

/** Connection lost or refused, server starting or stopping, too many sessions, serialisation failure, deadlock, lock timeout. */
const passingStates = /^(08...|57P0[1-5]|53300|40001|40P01|55P03)$/
const passingMessages =
  /ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|timeout expired|Connection terminated|not queryable/

const plainReasons: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'its host name is not known'],
  [/EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/, 'the host cannot be reached'],
  [
    /server does not support SSL/,
    'the server speaks no TLS; where clear text is safe, say so: sslmode=disable',
  ],
  [/ECONNRESET|EPIPE|Connection terminated|not queryable/, 'the connection was lost'],
]

/** A driver's error as the sentence a user can act on; the driver's own stays as `cause`. */
export function databaseError(error: unknown, where: string): TribError {
  return new TribError('DATABASE_FAILED', `${where}: ${reasonOf(error)}`, {
    cause: error,
    isRetriable: isPassing(error),
    hint: error instanceof DatabaseError ? error.hint : 'trib status',
  })
}

/** Postgres' own sentence with its code, which is what search engines know; else what went wrong on the way there. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error)
  if (error instanceof DatabaseError) {
    return `${message}${error.detail ? `: ${error.detail}` : ''}${error.code ? ` (${error.code})` : ''}`
  }
  return plainReasons.find(([pattern]) => pattern.test(message))?.[1] ?? message
}

function isPassing(error: unknown): boolean {
  return error instanceof DatabaseError
    ? passingStates.test(error.code ?? '')
    : passingMessages.test(messageOf(error))
}
