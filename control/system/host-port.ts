import { isIPv6 } from 'node:net'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** As one word of an address: the colons of IPv6 need brackets. */
export function hostPort({ host, port }: HostPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

export function parseHostPort(text: string): HostPort {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}

/** Whether somebody else's text can be the name of a host, `*.example.org` too; it may be anything. */
export function canBeHost(text: string): boolean {
  return text.includes(':') ? isIPv6(text) : /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)
}
