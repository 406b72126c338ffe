import { type Database, type DatabaseAddress, openDatabase } from '../database/connect.ts'

/** One session for each database, kept from look to look; one that broke is opened anew at the next. */
export interface Sessions extends AsyncDisposable {
  use<T>(address: DatabaseAddress, work: (database: Database) => Promise<T>): Promise<T>
}

export function openSessions(signal?: AbortSignal): Sessions {
  const open = new Map<string, Database>()
  return {
    async use(address, work) {
      const { host, port, user, database: name } = address
      const key = JSON.stringify([host, port, user, name])
      const session =
        open.get(key) ?? (await openDatabase({ ...address, applicationName: 'trib follow', signal }))
      open.set(key, session)
      try {
        return await work(session)
      } catch (error) {
        open.delete(key)
        // It is lost already; the failure that showed it is the one to tell.
        await Promise.resolve(session[Symbol.asyncDispose]()).catch(() => {})
        throw error
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open.values()].map(session => session[Symbol.asyncDispose]()))
      open.clear()
    },
  }
}
