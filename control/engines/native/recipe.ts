import type { Service } from '../../topology/topology.ts'
import type { Jars } from './jars.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { ServiceFolder } from './service-record.ts'
import type { UnprivilegedUser } from './unprivileged-user.ts'

/** What the machine offers to every recipe. */
export interface Ground {
  readonly java: string
  readonly jars: Jars
  readonly postgres: PostgresBinaries
  /** Whom Postgres runs as when the caller is root. */
  readonly postgresUser: UnprivilegedUser | undefined
  readonly launcher: string
  readonly stackName: string
  readonly root: string
  /** The caller's environment without anything that would leak into services. */
  readonly baseEnvironment: NodeJS.ProcessEnv
}

export interface RecipeContext extends Ground {
  readonly service: Service
  readonly folder: ServiceFolder
  readonly signal: AbortSignal
}

/** A process, ready to be started. */
export interface Launch {
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly user: UnprivilegedUser | undefined
  /** Files of ours that it reads when it starts: a change of one restarts it. */
  readonly files: readonly string[]
}

/** How an image's documented contract is carried out by a plain process. */
export interface Recipe {
  /** What its container would be stopped with when the compose file says nothing. */
  readonly stopSignal: NodeJS.Signals
  /** Work before each start that a container's entry point would do: formatting, `initdb`. */
  prepare(context: RecipeContext): Promise<void>
  launch(context: RecipeContext): Launch
}
