import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identifyProcess } from '../../control/system/process-identity.ts'
import { eventually } from '../support/trib.ts'

interface ProcessRecord {
  readonly pid: number
  readonly startedAt: string
  readonly stopSignal: NodeJS.Signals
}

const recordFile = (stackFolder: string, service: string) =>
  join(stackFolder, 'services', service, 'process.json')

export function recordOf(stackFolder: string, service: string): ProcessRecord {
  return JSON.parse(readFileSync(recordFile(stackFolder, service), 'utf8'))
}

/** The recorded process keeps its start time, but its pid becomes another's. */
export function recordPid(stackFolder: string, service: string, pid: number): void {
  writeFileSync(recordFile(stackFolder, service), JSON.stringify({ ...recordOf(stackFolder, service), pid }))
}

/** Pids of a stack's services by name, as recorded. */
export function pidsOf(stackFolder: string): Readonly<Record<string, number>> {
  const services = readdirSync(join(stackFolder, 'services')).filter(name =>
    existsSync(recordFile(stackFolder, name)),
  )
  return Object.fromEntries(services.map(service => [service, recordOf(stackFolder, service).pid]))
}

/** Who has this folder as the working directory. */
export function processesIn(folder: string): readonly string[] {
  return readdirSync('/proc').filter(name => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`) === folder
    } catch {
      return false
    }
  })
}

export const isAlive = (pid: number) => identifyProcess(pid) !== undefined

/** These processes and all below them: a Postgres server is ten. */
export function withChildren(pids: readonly number[]): readonly number[] {
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && pids.includes(parentOf(name)))
    .map(Number)
  return children.length === 0 ? pids : [...pids, ...withChildren(children)]
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return -1
  }
}

/** `kill -9`, and no word to anybody. */
export async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  await eventually(`processes ${pids.join(', ')} to be gone`, async () =>
    pids.some(isAlive) ? undefined : true,
  )
}

export interface Stranger extends AsyncDisposable {
  readonly pid: number
}

/** A process that has nothing to do with any stack, and lives until disposed. */
export async function startStranger(
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Stranger> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], {
    ...user,
    cwd: '/',
    stdio: 'ignore',
  })
  await once(child, 'spawn')
  return {
    pid: child.pid ?? -1,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
