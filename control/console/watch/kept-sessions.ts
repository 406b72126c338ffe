import { type Database, type OpenDatabaseOptions, openDatabase } from '../../database/connect.ts'
import { TribError } from '../../errors/trib-error.ts'

export type OpenSession = (options: OpenDatabaseOptions) => Promise<Database>

export interface KeptSessions extends AsyncDisposable {
  readonly open: OpenSession
}

interface Kept {
  readonly database: Database
  readonly cut: AbortController
}

/**
 * Sessions that are given back instead of closed: to log in anew every second costs both sides more than to look.
 * One that was lost meanwhile is replaced once, without a word; what is given back in doubt is closed.
 */
export function keepSessions(openNew: OpenSession = openDatabase): KeptSessions {
  const idle = new Map<string, Kept[]>()
  const fresh = async (options: OpenDatabaseOptions): Promise<Kept> => {
    const cut = new AbortController()
    const stop = () => cut.abort(options.signal?.reason)
    options.signal?.addEventListener('abort', stop, { once: true })
    try {
      return { database: await openNew({ ...options, signal: cut.signal }), cut }
    } finally {
      options.signal?.removeEventListener('abort', stop)
    }
  }
  return {
    open: async options => {
      options.signal?.throwIfAborted()
      const { host, port, user, database, times } = options
      const key = JSON.stringify([host, port, user, database, times])
      const kept = idle.get(key)?.pop()
      const first = kept ?? (await fresh(options))
      return lend(first, { options, isOld: kept !== undefined, fresh, giveBack: back })

      function back(session: Kept) {
        idle.set(key, [...(idle.get(key) ?? []), session])
      }
    },
    async [Symbol.asyncDispose]() {
      const all = [...idle.values()].flat()
      idle.clear()
      await Promise.all(all.map(({ database }) => database[Symbol.asyncDispose]()))
    },
  }
}

interface LendOptions {
  readonly options: OpenDatabaseOptions
  readonly isOld: boolean
  fresh(options: OpenDatabaseOptions): Promise<Kept>
  giveBack(kept: Kept): void
}

function lend(first: Kept, { options, isOld, fresh, giveBack }: LendOptions): Database {
  let kept = first
  let mayReplace = isOld
  let isDoubtful = false
  const { signal } = options
  const stop = () => {
    isDoubtful = true
    kept.cut.abort(signal?.reason)
  }
  signal?.addEventListener('abort', stop, { once: true })
  return {
    where: kept.database.where,
    async query(text, values) {
      try {
        const answer = await kept.database.query<never>(text, values)
        mayReplace = false
        return answer
      } catch (error) {
        if (!isLost(error)) throw error
        isDoubtful = true
        if (!mayReplace) throw error
        mayReplace = false
        await kept.database[Symbol.asyncDispose]()
        kept = await fresh(options)
        isDoubtful = false
        return await kept.database.query<never>(text, values)
      }
    },
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', stop)
      if (isDoubtful || kept.cut.signal.aborted) await kept.database[Symbol.asyncDispose]()
      else giveBack(kept)
    },
  }
}

/** `isRetriable` is how a connection says that it, and not the question, failed. */
function isLost(error: unknown): boolean {
  return !(error instanceof TribError) || error.isRetriable || error.code !== 'DATABASE_FAILED'
}
