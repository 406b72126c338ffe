import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '../../system/retry.ts'

/**
 * A killed server leaves its lock file. Postgres takes it over itself unless the pid in it exists, and it may: as a
 * zombie where init never reaps (many containers), or as somebody else's process by now. A server and its children
 * have the data folder as their working directory, so a lock whose pid has not is stale. It is removed only once
 * orphaned children, which may still write, are gone too.
 */
export async function removeStaleLock(data: string, signal: AbortSignal): Promise<void> {
  const lock = join(data, 'postmaster.pid')
  if (process.platform !== 'linux' || !existsSync(lock)) return
  const pid = readFileSync(lock, 'utf8').split('\n')[0]?.trim() ?? ''
  if (processesIn(data).includes(pid)) return
  await waitFor(
    async () => {
      const orphans = processesIn(data)
      return orphans.length === 0
        ? { done: true }
        : { pending: `processes ${orphans.join(', ')} still there` }
    },
    { what: `what a killed Postgres left in ${data} to end`, deadlineMs: 30_000, intervalMs: 50, signal },
  )
  rmSync(lock, { force: true })
}

function processesIn(folder: string): readonly string[] {
  const wanted = realpathSync(folder)
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && workingDirectoryOf(name) === wanted)
}

function workingDirectoryOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
