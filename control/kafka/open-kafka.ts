import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'

/** A client that says nothing by itself: what fails is told by whoever asked. */
export function openKafka(access: KafkaConfig, { retries = 4 }: { readonly retries?: number } = {}): Kafka {
  return new Kafka({ clientId: 'trib', logLevel: logLevel.NOTHING, ...access, retry: { retries } })
}
