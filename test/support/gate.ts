import { createServer, connect as dial, type Socket } from 'node:net'

/** Stands before a server: a port that refuses while it is shut, whatever the server behind it does. */
export interface Gate extends AsyncDisposable {
  readonly url: string
  open(): Promise<void>
  /** Ends every connection; what was asked gets no answer. */
  shut(): Promise<void>
}

export async function openGate(targetUrl: string): Promise<Gate> {
  const target = new URL(targetUrl)
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
  }
  const server = createServer(client => {
    const behind = dial(Number(target.port), target.hostname)
    keep(client)
    keep(behind)
    client.pipe(behind).pipe(client)
  })
  let port = 0
  const gate: Gate = {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    open: async () => {
      await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
      const address = server.address()
      if (typeof address === 'object' && address) port = address.port
    },
    shut: async () => {
      if (!server.listening) return
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    [Symbol.asyncDispose]: () => gate.shut(),
  }
  await gate.open()
  return gate
}
