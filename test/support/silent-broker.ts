import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** An address that takes connections and says nothing, as one behind a firewall or a broker that hangs. */
export interface SilentBroker extends AsyncDisposable {
  /** `host:port` */
  readonly address: string
  /** Somebody has connected. */
  readonly met: Promise<unknown>
}

export async function openSilentBroker(): Promise<SilentBroker> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.on('error', () => socket.destroy()))
  })
  const met = once(server, 'connection')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (typeof bound !== 'object' || bound === null) throw new Error('it listens at no port')
  return {
    address: `127.0.0.1:${bound.port}`,
    met,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
