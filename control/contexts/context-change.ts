/** What `config set-context` was given. Undefined: the part stays; empty: it goes. */
export interface ContextChange {
  /** Addresses, separated by commas. */
  readonly connect?: string
  readonly connectUser?: string
  /** As every password, token and passphrase here: `env:NAME`, `file:PATH` or `command:…`. */
  readonly connectPassword?: string
  readonly connectToken?: string
  readonly connectCa?: string
  readonly connectCert?: string
  readonly connectKey?: string
  readonly connectKeyPassphrase?: string
  readonly connectInsecure?: boolean
  readonly kafka?: string
  readonly kafkaTls?: boolean
  readonly kafkaCa?: string
  readonly kafkaCert?: string
  readonly kafkaKey?: string
  readonly kafkaKeyPassphrase?: string
  readonly kafkaInsecure?: boolean
  readonly kafkaSasl?: string
  readonly kafkaUser?: string
  readonly kafkaPassword?: string
  /** `NAME=URL` each. */
  readonly source?: readonly string[]
  /** `NAME=REF` each. */
  readonly sourcePassword?: readonly string[]
  readonly warehouse?: string
  readonly warehousePassword?: string
}
