import { readFileSync, writeFileSync } from 'node:fs'
import { withChildren } from '../faults/processes.ts'

/** By the names that the stack gives its processes. */
export type CpuSeconds = Readonly<Record<string, number>>

export type Processes = Readonly<Record<string, readonly number[]>>

/** What `getconf CLK_TCK` says on every Linux. */
const ticksPerSecond = 100

/** What they have used since they started, with all that they have started. */
export function cpuSeconds(processes: Processes): CpuSeconds {
  return Object.fromEntries(
    Object.entries(processes).map(([name, pids]) => [
      name,
      withChildren(pids).reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond,
    ]),
  )
}

/** Children that have ended count at their parent once it has taken notice. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0)
  } catch {
    return 0
  }
}

export function difference(after: CpuSeconds, before: CpuSeconds): CpuSeconds {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]))
}

/** From here on the peak is counted anew; where that is not allowed, it is the peak since the start. */
export function resetPeaks(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5')
    } catch {}
  }
}

/** The most memory that these processes held, each at its own time. */
export function peakMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map(pid => {
    const [, peak] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(peak)
  })
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024)
}
