import type { Topology } from './topology.ts'

/** Services in layers: each waits only for services of earlier layers, and those of one layer start together. */
export function startOrder({ services }: Topology): readonly (readonly string[])[] {
  const layers: (readonly string[])[] = []
  const placed = new Set<string>()
  while (placed.size < services.length) {
    const layer = services
      .filter(
        ({ name, dependsOn }) => !placed.has(name) && dependsOn.every(({ service }) => placed.has(service)),
      )
      .map(({ name }) => name)
    // readTopology() refuses cycles and unknown names, so this is a defect, and would be an endless loop.
    if (layer.length === 0) throw new Error('the dependencies of the services cannot be ordered')
    for (const name of layer) placed.add(name)
    layers.push(layer)
  }
  return layers
}

/** The other way round: nothing is stopped while a service that depends on it still runs. */
export function stopOrder(topology: Topology): readonly (readonly string[])[] {
  return startOrder(topology).toReversed()
}
