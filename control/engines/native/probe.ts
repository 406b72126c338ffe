import { assertNever } from '../../errors/assert-never.ts'
import { messageOf } from '../../errors/trib-error.ts'
import { answersOnPort } from '../../system/ports.ts'
import type { Probe, Service } from '../../topology/topology.ts'

/** One look at a service; says what it saw. */
export async function runProbe(service: Service, probe: Probe, timeoutMs: number): Promise<ProbeResult> {
  switch (probe.kind) {
    case 'tcp': {
      const isAnswered = await answersOnPort(probe.port, { host: probe.host, timeoutMs })
      return isAnswered ? healthy : { isHealthy: false, detail: `nothing listens on port ${probe.port} yet` }
    }
    case 'http':
      return probeHttp(probe.url, timeoutMs)
    case 'postgres':
      return probePostgres(service, probe, timeoutMs)
    default:
      return assertNever(probe)
  }
}

export type ProbeResult =
  | { readonly isHealthy: true; readonly detail: '' }
  | { readonly isHealthy: false; readonly detail: string }

const healthy: ProbeResult = { isHealthy: true, detail: '' }

async function probeHttp(url: string, timeoutMs: number): Promise<ProbeResult> {
  try {
    const { status, ok } = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    return ok ? healthy : { isHealthy: false, detail: `${url} answers ${status}` }
  } catch {
    return { isHealthy: false, detail: `${url} does not answer yet` }
  }
}

/** `cannot_connect_now` */
const stillStarting = '57P03'

/** With the owner's password, so that a probe leaves no failed login in the server's log. */
async function probePostgres(
  service: Service,
  probe: Extract<Probe, { kind: 'postgres' }>,
  timeoutMs: number,
): Promise<ProbeResult> {
  const { host, port, user, database } = probe
  const password = service.environment['POSTGRES_PASSWORD']
  const { default: pg } = await import('pg')
  const client = new pg.Client({ host, port, user, database, password, connectionTimeoutMillis: timeoutMs })
  client.on('error', () => {})
  try {
    await client.connect()
    return healthy
  } catch (error) {
    // As `pg_isready`: a server that refuses this login is up, and who logs in next tells the reason.
    const isUp = error instanceof pg.DatabaseError && error.code !== stillStarting
    return isUp ? healthy : { isHealthy: false, detail: messageOf(error) }
  } finally {
    await client.end().catch(() => {})
  }
}
