import type { Command } from 'commander'
import type { ConnectClient } from '../../connect/connect-api.ts'
import { createConnectClient } from '../../connect/connect-client.ts'
import { type ContextOptions, type OpenContext, openContext } from '../../contexts/open-context.ts'
import { maskValue } from '../../declared/secrets.ts'
import { createHistory, type History } from '../../history/history.ts'
import { globalOptions, type Shell } from '../../shell.ts'

/** What every connector command begins with: a Connect cluster, and what was applied to it from here. */
export interface ConnectSession {
  readonly context: OpenContext
  readonly connect: ConnectClient
  /** The same cluster, not ended by ^C: for bringing back what a command had stopped. */
  readonly afterwards: ConnectClient
  readonly history: History
}

export function openConnect(shell: Shell, command: Command): Promise<ConnectSession> {
  const { context: contextName, stack: stackName } = globalOptions(command)
  return openConnectOf(shell, { contextName, stackName })
}

export async function openConnectOf(shell: Shell, options: ContextOptions): Promise<ConnectSession> {
  const context = await openContext(shell, options)
  const access = await context.connect()
  const stackHint = context.statusHint
  return {
    context,
    connect: createConnectClient(access, { signal: shell.signal, stackHint }),
    afterwards: createConnectClient(access, { stackHint }),
    history: createHistory({ folder: context.stateFolder, mask: maskValue }),
  }
}
