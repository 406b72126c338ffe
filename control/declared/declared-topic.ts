import type { Origin } from './declared-connector.ts'

/** A topic as a file declares it. */
export interface DeclaredTopic {
  readonly name: string
  /** undefined: the file does not say; however many it has are left. */
  readonly partitions: number | undefined
  readonly replicas: number | undefined
  /** All that is set on the topic itself; what is not here has the brokers' default. */
  readonly config: Readonly<Record<string, string>>
  readonly origin: Origin
}

/** Set by kafka-reassign-partitions.sh for as long as it moves replicas: taken away, they would fill the network. */
export const isThrottle = (key: string): boolean => key.endsWith('.replication.throttled.replicas')

/** What brokers take for a name; also why it is none, as a sentence that goes on after it. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is no name that a topic can have'
  if (name.length > 249) return `has ${name.length} letters, and a topic's name has 249 at most`
  const [sign] = /[^\w.-]/u.exec(name) ?? []
  return sign === undefined ? undefined : `has a ${JSON.stringify(sign)}, which no topic's name can hold`
}
