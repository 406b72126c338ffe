import type { Service, Topology } from '../topology/topology.ts'

/** The services that are Kafka brokers: known by their image, whatever their names. */
export function brokersOf({ services }: Topology): readonly Service[] {
  return services.filter(({ image }) => image.startsWith('apache/kafka:'))
}

/** How a program on this machine finds the cluster: `127.0.0.1:27101,…`, as a list. */
export function bootstrapOf(topology: Topology): readonly string[] {
  // The first published port of a broker is the one for programs on this machine.
  return brokersOf(topology).flatMap(({ ports }) =>
    ports.slice(0, 1).map(({ host, port }) => `${host}:${port}`),
  )
}
