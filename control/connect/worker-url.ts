/** An address that can be shown to anybody. */
export function shownUrl(url: string): string {
  return url.replace(/^(\w+:\/\/[^/:@]*):[^/@]*@/, '$1:***@').replace(/\/+$/, '')
}

/** HTTP_PROXY is for what is not on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^(127\.|\[::1\])/.test(hostname)
}

/** What stands in a message for the credentials that were sent: their kind, never their value. */
export function sentAuthentication(url: string, headers: Readonly<Record<string, string>>): string {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const scheme = value?.split(' ')[0]?.toLowerCase()
  if (scheme === 'basic' || scheme === 'bearer') return `${scheme} authentication was sent`
  if (value !== undefined) return 'authentication of another kind was sent'
  return new URL(url).username === ''
    ? 'no authentication was sent'
    : 'basic authentication was sent, from the address'
}
