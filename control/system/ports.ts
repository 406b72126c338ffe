import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, createServer } from 'node:net'

/** Whether this machine would let a service listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

export function answersOnPort(
  port: number,
  { host = '127.0.0.1', timeoutMs = 1_000 } = {},
): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host, timeout: timeoutMs })
    const finish = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => finish(true))
    socket.once('timeout', () => finish(false))
    socket.once('error', () => finish(false))
  })
}

/** Who listens on a port, `nginx (process 4242)`, as far as this user may see it; undefined where it may not. */
export function listenerOf(port: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  const [inode] = socketsAt(port, { side: 'own', state: 'listening' })
  if (inode === undefined) return undefined
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    if (!holdsSocket(pid, inode)) continue
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
    return `${name} (process ${pid}: ${command.join(' ').slice(0, 80)})`
  }
  return undefined
}

/** The sockets of this machine in one state by the port of their own side, or of the other: as the kernel numbers them. */
export function socketsAt(
  port: number,
  { side, state }: { side: 'own' | 'other'; state: keyof typeof states },
) {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(table =>
    readLines(table)
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[side === 'own' ? 1 : 2]?.endsWith(hexPort) && fields[3] === states[state])
      .flatMap(fields => fields[9] ?? []),
  )
}

/** In the kernel's words. */
const states = { connected: '01', listening: '0A' } as const

export function holdsSocket(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(fd => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`)
  } catch {
    return false
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
