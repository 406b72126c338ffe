import type { ConnectAccess } from '../connect/connect-api.ts'
import type { DatabaseAddress } from '../database/connect.ts'
import type { KafkaAccess } from '../kafka/open-kafka.ts'
import type { Shell } from '../shell.ts'
import { type ChosenContext, type ContextOptions, chooseContext } from './choose-context.ts'
import { contextFilePath, readContextFile } from './context-file.ts'
import { openFileContext } from './file-context.ts'
import { openLocalContext } from './local-context.ts'

/**
 * A cluster and what lies around it. Each part is looked up, and its secrets are found, when it is asked for; one
 * that is missing fails with CONTEXT_INCOMPLETE and the command that adds it.
 */
export interface OpenContext {
  readonly name: string
  readonly kind: 'local' | 'file'
  connect(): Promise<ConnectAccess>
  kafka(): Promise<KafkaAccess>
  source(name: string): Promise<DatabaseAddress>
  warehouse(): Promise<DatabaseAddress>
  /** Names of the sources. */
  sources(): Promise<readonly string[]>
  /** The variables that connectors may read on the workers, where this machine knows them. */
  workerVariables?(): Promise<ReadonlySet<string>>
  /** Where the history of what was applied is kept; may not exist yet. */
  readonly stateFolder: string
  /** What to paste when a part does not answer: it starts what is missing, or says how things stand. */
  readonly statusHint: string
}

export type { ContextOptions }

/** Opens the context that the command line, the environment and the file of contexts name, in this order. */
export async function openContext(shell: Shell, options: ContextOptions = {}): Promise<OpenContext> {
  const path = contextFilePath(shell.env)
  const chosen = chooseContext(shell.env, { ...options, readFile: () => readContextFile(path) })
  warnOfIgnoredStack(shell, chosen)
  if (chosen.kind === 'file') return openFileContext(shell, chosen)
  return openLocalContext(shell, { stackName: options.stackName, isFallback: chosen.origin === 'default' })
}

/** Two variables that name two clusters: somebody may expect the other one. */
function warnOfIgnoredStack(shell: Shell, { kind, name, origin }: ChosenContext) {
  const stack = shell.env['TRIB_STACK']
  if (kind === 'local' || origin !== 'TRIB_CONTEXT' || !stack) return
  shell.log({ isDebug: false }).warn('TRIB_STACK is ignored: TRIB_CONTEXT names another cluster', {
    context: name,
    stack,
  })
}
