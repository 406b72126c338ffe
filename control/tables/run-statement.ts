import { type DatabaseAddress, openDatabase } from '../database/connect.ts'
import { messageOf, TribError } from '../errors/trib-error.ts'
import { retry } from '../system/retry.ts'

interface Statement {
  readonly database: string
  readonly address: DatabaseAddress
  readonly sql: string
}

interface RunOptions {
  readonly signal?: AbortSignal | undefined
  /** What else is run there: where rights are missing, an administrator gets all of it. */
  readonly others: readonly string[]
}

/** Everybody who asks for the table meanwhile waits behind us; and again, until it was free once. */
const lockTimeout = '2s'
const patienceMs = 60_000

/** Each by itself: several locks held in one transaction would meet those of the application the other way round. */
export async function runStatement(
  { database: name, address, sql }: Statement,
  options: RunOptions,
): Promise<void> {
  const { signal, others } = options
  await using database = await openDatabase({ ...address, applicationName: 'trib add table', signal })
  await database.query(`set lock_timeout = '${lockTimeout}'`)
  await retry(
    async () => {
      try {
        await database.query(sql)
      } catch (error) {
        const text = messageOf(error)
        if (/lock timeout/.test(text))
          throw new TribError('DATABASE_FAILED', text, { cause: error, isRetriable: true })
        if (!/permission denied|must be owner|must be superuser/.test(text)) throw error
        throw new TribError('DATABASE_FAILED', `${address.user} may not do that in ${name}: ${text}`, {
          cause: error,
          hint: `an administrator of ${name} may: ${others.join('; ')}`,
        })
      }
    },
    { deadlineMs: patienceMs, firstDelayMs: 200, signal },
  )
}
