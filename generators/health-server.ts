import { once } from 'node:events'
import { createServer } from 'node:http'
import { messageOf, TribError } from '../control/errors/trib-error.ts'

export interface HealthServerOptions {
  /** 0: any that is free. */
  readonly port: number
  readonly bindAddress: string
  /** What `GET /healthz` answers, as JSON. */
  readonly report: () => unknown
}

/** Answers 200 as long as this process lives: waiting for a database is a generator's work, not its illness. */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<AsyncDisposable & { readonly port: number }> {
  const { port, bindAddress, report } = options
  const server = createServer((request, response) => {
    const isHealth = request.method === 'GET' && request.url === '/healthz'
    response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(isHealth ? report() : { error: 'GET /healthz is all there is' })}\n`)
  })
  server.listen({ port, host: bindAddress })
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw listenFailure(cause, port, bindAddress)
  }
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function listenFailure(cause: unknown, port: number, bindAddress: string): TribError {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
  const reason = isTaken ? 'another program listens there' : messageOf(cause)
  return new TribError('PORT_IN_USE', `the generator cannot listen on ${bindAddress}:${port}: ${reason}`, {
    hint: 'give --health-port another port',
    cause,
  })
}
