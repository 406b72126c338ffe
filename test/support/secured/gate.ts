import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:https'
import type { ConnectAccess } from '../../../control/connect/connect-api.ts'
import { freePort } from '../postgres.ts'
import type { Pair } from './certificates.ts'

export interface Gate extends AsyncDisposable {
  readonly url: string
}

interface GateOptions {
  /** What it shows. */
  readonly pair: Pair
  /** What it demands. */
  readonly token: string
  /** How it speaks to the worker itself. */
  readonly behind: ConnectAccess
}

/** A reverse proxy before a worker, as it stands before many: plain Connect knows no bearer tokens. */
export async function startGate({ pair, token, behind }: GateOptions): Promise<Gate> {
  const port = await freePort()
  const { urls, tls = {}, headers = async () => ({}) } = behind
  const own = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
  const shown = { key: readFileSync(pair.key), cert: readFileSync(pair.cert) }
  const server = createServer(shown, async (asked, answer) => {
    if (asked.headers.authorization !== `Bearer ${token}`) {
      asked.resume()
      answer.writeHead(401, { 'www-authenticate': 'Bearer realm="connect"' }).end()
      return
    }
    const { host: _, ...given } = asked.headers
    const onward = request(
      `${urls[0]}${asked.url}`,
      { method: asked.method, headers: { ...given, ...(await headers()) }, ...own },
      reply => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      },
    )
    onward.on('error', () => answer.writeHead(502).end())
    asked.pipe(onward)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
