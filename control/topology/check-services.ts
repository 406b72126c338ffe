import { child, childrenOf } from './located-node.ts'
import { nearest } from './nearest.ts'
import type { Problems } from './problems.ts'
import { dependencyNode, type LocatedService } from './read-service.ts'
import type { Service } from './topology.ts'

interface CheckOptions {
  readonly isActive: (service: Service) => boolean
  readonly problems: Problems
}

/** What can only be judged with all services at hand: dependencies, cycles, ports that two of them publish. */
export function checkServices(
  located: readonly LocatedService[],
  { isActive, problems }: CheckOptions,
): void {
  const byName = new Map(located.map(one => [one.service.name, one]))
  for (const one of located) checkDependencies(one, { byName, isActive, problems })
  checkCycles(byName, problems)
  checkPortsDiffer(
    located.filter(({ service }) => isActive(service)),
    problems,
  )
}

type ByName = ReadonlyMap<string, LocatedService>

function checkDependencies(
  located: LocatedService,
  { byName, isActive, problems }: CheckOptions & { readonly byName: ByName },
): void {
  for (const { service: name, condition } of located.service.dependsOn) {
    const node = dependencyNode(located, name)
    const other = byName.get(name)?.service
    if (!other) {
      // A name in a list may come from a variable; what that holds is not shown.
      const written = node.kind === 'scalar' && node.raw !== '' ? node.raw : name
      const meant = nearest(written, byName.keys())
      const hint = meant && `write "${meant}" instead of "${written}"`
      problems.add(node, `is refused: there is no service "${written}"`, hint)
    } else if (condition === 'service_healthy' && !other.health) {
      problems.add(node, `is refused: "${name}" has no healthcheck, so it never becomes healthy`)
    } else if (isActive(located.service) && !isActive(other)) {
      const hint = `add --profile ${other.profiles[0]}`
      problems.add(
        node,
        `is refused: "${name}" runs only with the profile ${other.profiles.join(' or ')}`,
        hint,
      )
    }
  }
}

/** Walks every chain of dependencies; one that comes back to a service that it passed is a cycle. */
function checkCycles(byName: ByName, problems: Problems): void {
  const done = new Set<string>()
  const walk = (name: string, before: readonly string[]) => {
    const located = byName.get(name)
    if (!located || done.has(name)) return
    const chain = [...before, name]
    for (const { service: next } of located.service.dependsOn) {
      const start = chain.indexOf(next)
      if (start === -1) walk(next, chain)
      else {
        const cycle = [...chain.slice(start), next].join(' → ')
        problems.add(dependencyNode(located, next), `is refused: it closes the cycle ${cycle}`)
      }
    }
    done.add(name)
  }
  for (const name of byName.keys()) walk(name, [])
}

function checkPortsDiffer(located: readonly LocatedService[], problems: Problems): void {
  const publishers = new Map<number, string>()
  for (const { service, node } of located) {
    const nodes = childrenOf(child(node, 'ports') ?? node)
    for (const [index, { port }] of service.ports.entries()) {
      const other = publishers.get(port)
      const portNode = nodes[index]
      if (other !== undefined && portNode) problems.refuse(portNode, `is the same port as that of ${other}`)
      publishers.set(port, service.name)
    }
  }
}
