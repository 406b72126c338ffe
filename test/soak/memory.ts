import { readFileSync } from 'node:fs'
import { withChildren } from '../faults/processes.ts'

/** In MB, of each service with all that it started; what several processes share counts once. */
export function memoryOf(pids: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(pids).map(([service, pid]) => [
      service,
      Math.round(withChildren([pid]).reduce((sum, one) => sum + kilobytesOf(one), 0) / 1024),
    ]),
  )
}

/** A child may end while it is looked at. */
function kilobytesOf(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
    return Number(kilobytes ?? 0)
  } catch {
    return 0
  }
}
