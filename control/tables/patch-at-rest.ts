import type { ConnectClient, Connector } from '../connect/connect-api.ts'

interface PatchOptions {
  readonly connect: ConnectClient
  /** Not ended by ^C: what was stopped is brought back. */
  readonly afterwards: Pick<ConnectClient, 'resume'>
}

/**
 * The task of a source that ran before goes first: it would still look RUNNING, read a signal for a new table with the
 * old list, and throw both away. What was stopped or paused stays so; a sink need not stand.
 */
export async function patchAtRest(
  { name, type, state }: Connector,
  patch: Readonly<Record<string, string | null>>,
  { connect, afterwards }: PatchOptions,
): Promise<void> {
  if (type === 'sink' || state !== 'RUNNING') return connect.patchConfig(name, patch)
  try {
    await connect.stop(name)
    await connect.patchConfig(name, patch)
  } finally {
    await afterwards.resume(name)
  }
}
