import { Kafka, type KafkaConfig, logLevel, type RetryOptions } from 'kafkajs'

/** How the brokers are reached, in the words of kafkajs. */
export interface KafkaAccess {
  readonly brokers: string[]
  readonly ssl?: Exclude<KafkaConfig['ssl'], undefined>
  readonly sasl?: Exclude<KafkaConfig['sasl'], undefined>
  /** The context that says so, for commands to paste. (Default: the local stack) */
  readonly context?: string
}

/** A client that says nothing by itself: what fails is told by whoever asked. */
export function openKafka(access: KafkaAccess, retry: RetryOptions = {}): Kafka {
  return new Kafka({ ...ownOf(access), retry: { retries: 4, ...retry } })
}

export function ownOf({ brokers, ssl, sasl }: KafkaAccess): KafkaConfig {
  return {
    ...{ clientId: 'trib', logLevel: logLevel.NOTHING, brokers },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  }
}
