import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Whether somebody stopped the process without ending it (SIGSTOP, a debugger). The kernel goes on accepting
 * connections in its name, so that a look at its port alone would call it healthy.
 */
export function isSuspended(pid: number): boolean {
  return /^[Tt]/.test(process.platform === 'linux' ? stateOnLinux(pid) : stateByPs(pid))
}

function stateOnLinux(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)
  } catch {
    return ''
  }
}

function stateByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
