import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { identifyProcess } from '../../control/system/process-identity.ts'
import { eventually } from '../support/trib.ts'

/** How a process was started. */
export interface Launch {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly uid: number
  readonly gid: number
}

export function launchOf(pid: number): Launch {
  const words = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean)
  const { uid, gid } = statSync(`/proc/${pid}`)
  const env = words('environ').map(line => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ])
  return {
    args: words('cmdline'),
    env: Object.fromEntries(env),
    cwd: readlinkSync(`/proc/${pid}/cwd`),
    uid,
    gid,
  }
}

/** A service that ended, as somebody else than `up` starts it; recorded, so that `down` ends it. */
export async function startAgain(stackFolder: string, service: string, launch: Launch): Promise<void> {
  const { args, ...options } = launch
  const [program = '', ...rest] = args
  const log = openSync(join(stackFolder, 'services', service, 'service.log'), 'a')
  const child = spawn(program, rest, { ...options, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  await once(child, 'spawn')
  child.unref()
  const record = { ...recordOf(stackFolder, service), ...identifyProcess(child.pid ?? -1) }
  writeFileSync(recordFile(stackFolder, service), JSON.stringify(record))
}

interface ProcessRecord {
  readonly pid: number
  readonly startedAt: string
  readonly stopSignal: NodeJS.Signals
  readonly stopGraceMs: number
}

const recordFile = (stackFolder: string, service: string) =>
  join(stackFolder, 'services', service, 'process.json')

export const hasRecord = (stackFolder: string, service: string) =>
  existsSync(recordFile(stackFolder, service))

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
