import type { ConnectClient, ConnectorOffset } from '../connect/connect-api.ts'
import { TribError } from '../errors/trib-error.ts'
import type { OffsetChange } from './plan-offsets.ts'

interface ChangeOffsetsOptions {
  readonly connect: ConnectClient
  /** The same cluster, not ended by ^C: what was stopped must run again. */
  readonly afterwards: ConnectClient
  readonly name: string
  readonly changes: readonly OffsetChange[]
  /** Keeps what was, and says where. */
  readonly save: (offsets: readonly ConnectorOffset[]) => Promise<string>
  readonly onSaved: (path: string) => void
  /** While it is stopped, before anything is changed. */
  readonly whileStopped?: () => Promise<void>
}

/** Offsets can only be changed while the connector is stopped: saved, stopped, changed, and brought back to how it was. */
export async function changeOffsets(options: ChangeOffsetsOptions): Promise<void> {
  const { connect, afterwards, name, changes, save, onSaved, whileStopped } = options
  const before = await connect.status(name)
  if (!before) throw new TribError('CONNECTOR_UNKNOWN', `${name} was deleted meanwhile`)
  try {
    await connect.stop(name)
    // Read once more: it ran on until it was stopped.
    onSaved(await save(await connect.offsets(name)))
    await whileStopped?.()
    await connect.alterOffsets(
      name,
      changes.map(({ partition, to }) => ({ partition, offset: to })),
    )
  } finally {
    if (before.state === 'PAUSED') await afterwards.pause(name)
    else if (before.state !== 'STOPPED') await afterwards.resume(name)
  }
}
