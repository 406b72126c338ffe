import type { Connector } from './connect-api.ts'

/** The consumer group in which a sink keeps how far it has read. */
export function consumerGroupOf({ name, config }: Pick<Connector, 'name' | 'config'>): string {
  return config['consumer.override.group.id'] ?? `connect-${name}`
}
