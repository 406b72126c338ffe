import { readdirSync, readFileSync } from 'node:fs'

/** Proportional set size of these processes and their children: shared pages are counted once in all. */
export function pssMegabytes(pids: readonly number[]): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(name => {
        const parent = parentOf(Number(name))
        return parent === undefined ? [] : [[Number(name), parent] as const]
      }),
  )
  const belongs = (pid: number): boolean => pids.includes(pid) || belongsToParent(pid)
  const belongsToParent = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && parent > 1 && belongs(parent)
  }
  const kilobytes = [...parents.keys()].filter(belongs).map(pssOf)
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
