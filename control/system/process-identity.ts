import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process is named by pid and start time: a pid alone may belong to somebody else by now. */
export interface ProcessIdentity {
  readonly pid: number
  /** The kernel's own words: ticks since boot with the boot's id on Linux, the start date elsewhere. */
  readonly startedAt: string
}

/** The identity of a process that runs now; undefined when there is none, or only a zombie is left. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid)
  return startedAt === undefined ? undefined : { pid, startedAt }
}

export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return identifyProcess(pid)?.startedAt === startedAt
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name in parentheses, may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const state = fields[0]
    const ticks = fields[19]
    if (state === 'Z' || state === 'X' || ticks === undefined) return undefined
    return `${ticks}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`
  } catch {
    return undefined
  }
}

function startByPs(pid: number): string | undefined {
  try {
    // In one locale and zone, whatever the caller's: another spelling would be another process.
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env,
    }).trim()
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
  } catch {
    return undefined
  }
}
