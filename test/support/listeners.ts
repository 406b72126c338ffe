import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Listener {
  readonly pid: number
  readonly protocol: string
  readonly address: string
  readonly port: number
}

/** Everything on which these processes take connections or datagrams, as the kernel knows it (Linux). */
export function listenersOf(pids: readonly number[]): readonly Listener[] {
  const byInode = new Map(['tcp', 'tcp6', 'udp', 'udp6'].flatMap(readTable))
  return pids.flatMap(pid =>
    inodesOf(pid)
      .flatMap(inode => ({ pid, ...byInode.get(inode) }))
      .filter(isWhole),
  )
}

type Bound = Omit<Listener, 'pid'>
const isWhole = (one: { pid: number } & Partial<Bound>): one is Listener => one.port !== undefined

function inodesOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

/** A socket that listens has the state 0A; one for datagrams that is bound has no peer. */
function readTable(protocol: string): readonly (readonly [inode: string, bound: Bound])[] {
  const lines = readFileSync(`/proc/net/${protocol}`, 'utf8').trim().split('\n').slice(1)
  return lines.flatMap(line => {
    const [, local = '', remote = '', state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const isOpen = protocol.startsWith('tcp') ? state === '0A' : /:0000$/.test(remote)
    const [host = '', port = ''] = local.split(':')
    return isOpen
      ? [[inode, { protocol, address: addressOf(host), port: Number.parseInt(port, 16) }] as const]
      : []
  })
}

/** Words of four bytes, each in the order of this machine: `0100007F` is 127.0.0.1. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(word => [...Buffer.from(word, 'hex')].reverse())
  const v4 = bytes.slice(-4).join('.')
  if (bytes.length === 4) return v4
  const head = Buffer.from(bytes.slice(0, 12)).toString('hex')
  if (head === `${'00'.repeat(10)}ffff`) return v4
  return head === '00'.repeat(12) && v4 === '0.0.0.1' ? '::1' : Buffer.from(bytes).toString('hex')
}
