import type { Connector } from './connect-api.ts'

type Sink = Pick<Connector, 'name' | 'config'>

/** Where records go that a sink cannot land: Connect's own, where the connector has one. */
export const deadLetterTopicOf = ({ name, config }: Sink) =>
  config['errors.deadletterqueue.topic.name'] || `${name}.dlq`

/** Keeps, as a sink's group keeps how far it has read, up to where dead letters were mended. */
export const mendedGroupOf = ({ name }: Sink) => `trib-dlq-${name}`
