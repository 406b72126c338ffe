import type { Connector } from '../../connect/connect-api.ts'
import type { Sight } from '../sight.ts'

/** What a trace says, in words that lead to a command. */
export interface KnownTrace {
  readonly id: string
  /** (Default: both) */
  readonly side?: 'source' | 'sink'
  /** false: it fails again until somebody does something else, or what a restart skips is lost. (Default: true) */
  readonly restartMends?: false
  readonly pattern: RegExp
  readonly cause: (match: RegExpExecArray, about: About) => string
  readonly command: (match: RegExpExecArray, about: About) => string | undefined
}

export interface About {
  readonly sight: Sight
  readonly connector: Connector
  readonly side: 'source' | 'sink'
}

/** The whole of what failed, in which the causes stand. */
export function traceOf({ trace, tasks }: Connector): string {
  return [trace, ...tasks.map(task => task.trace)].filter(Boolean).join('\n')
}
