import type { ConnectorConfig } from '../connect/connect-api.ts'

/** A connector as a file declares it, whatever the file's format. */
export interface DeclaredConnector {
  readonly name: string
  /** Without `name`. */
  readonly config: ConnectorConfig
  /** undefined: the file does not say; whatever state it has is left. */
  readonly state: DeclaredState | undefined
  readonly origin: Origin
}

export const declaredStates = ['running', 'paused', 'stopped'] as const
export type DeclaredState = (typeof declaredStates)[number]

/** Where it stands, for sentences: `connectors/moodle/sites-source.json`, `all.yaml:12`. */
export interface Origin {
  /** As the user named it, or below the folder that the user named; `<stdin>` for standard input. */
  readonly file: string
  /** The line at which its document begins, where a file has several. */
  readonly line: number | undefined
}
