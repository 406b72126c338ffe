/** Settings by key; null takes one away. */
export type Settings = Readonly<Record<string, string | null>>

/** What is measured against what. */
export type Arm =
  | { readonly kind: 'logical'; readonly name: string }
  /** Connectors with these settings, whatever is in the files. */
  | {
      readonly kind: 'connectors'
      readonly name: string
      readonly base: 'defaults' | 'shipped'
      /** What differs from the base. */
      readonly source?: Settings
      readonly sink?: Settings
      /** Whether the sink reads nothing but the tables of the load. (Default: false, also the heartbeat as shipped) */
      readonly isAlone?: boolean
    }
