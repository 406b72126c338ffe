import type { Ground } from './ground.ts'

/** One kind of bad luck, as data: tests are made of these, one by one or drawn at random. */
export interface Fault {
  /** Unique; its test is named after it. */
  readonly name: string
  /** Ends when the damage is done, and what must be so meanwhile was seen. */
  readonly does: (ground: Ground) => Promise<void>
  /** What `trib health` says of a pipeline before anything is mended. (Default: nothing has to be seen) */
  readonly seen?: { readonly pipeline: string; readonly rule: string }
  readonly heals: Healing
  /** It is done by the stack's own commands, or needs a session: another fault meanwhile would prevent it. (Default: false) */
  readonly needsWhole?: boolean
  /** Services that it must find running, beside those that it takes; `connect` is any worker. (Default: none) */
  readonly needs?: readonly string[]
  /** Services that somebody has to start again; `connect` is any worker. (Default: none) */
  readonly takes?: readonly string[]
  /** Profiles that `up` must be told again. (Default: none) */
  readonly profiles?: readonly string[]
}

/**
 * `by itself`: nobody does anything. `by up`: services that were ended are started, as a user would. `by the printed
 * command`: by what `trib health` prints, once it sees the fault. `by itself or by the printed command`: what decides
 * is in which moment it was met.
 */
export type Healing = 'by itself' | 'by up' | 'by the printed command' | 'by itself or by the printed command'
