import { constants } from 'node:os'
import { containersOnlyKeys } from './check-keys.ts'
import { child, childrenOf, type LocatedNode } from './located-node.ts'
import { nearest } from './nearest.ts'
import type { Problems } from './problems.ts'
import { readDurationMs, readHealthCheck } from './read-health-check.ts'
import { readMounts } from './read-mounts.ts'
import { readPort } from './read-ports.ts'
import { readCommand, readEnvironment, readMapping, readText, readTexts } from './read-values.ts'
import type { Dependency, Service } from './topology.ts'

/** A service together with the node that it was read from, for what can only be judged beside the others. */
export interface LocatedService {
  readonly service: Service
  readonly node: LocatedNode
}

export interface ReadServiceOptions {
  /** The volumes that the file declares. */
  readonly volumes: readonly string[]
  readonly problems: Problems
}

export function readService(
  name: string,
  node: LocatedNode,
  { volumes, problems }: ReadServiceOptions,
): LocatedService {
  const keys = readMapping(node, problems)
  const image = keys.get('image')
  const ports = keys.get('ports')
  const grace = keys.get('stop_grace_period')
  const { mounts, files } = readMounts(keys.get('volumes'), { volumes, problems })
  if (!image) problems.add(node, 'has no image')
  if (ports && ports.kind !== 'list') problems.refuse(ports, 'is no list')
  const service: Service = {
    name,
    image: image ? readText(image, problems) : '',
    isBuilt: keys.has('build'),
    command: readCommand(keys.get('command'), problems),
    environment: readEnvironment(keys.get('environment'), problems),
    ports: ports?.kind === 'list' ? ports.items.map(port => readPort(port, problems)) : [],
    mounts,
    dependsOn: readDependencies(keys.get('depends_on'), problems),
    health: readHealthCheck(keys.get('healthcheck'), problems),
    profiles: readTexts(keys.get('profiles'), problems),
    stopSignal: readSignal(keys.get('stop_signal'), problems),
    stopGraceMs: grace ? readDurationMs(grace, problems) : 10_000,
    containersOnly: [...containersOnlyKeys(node), ...files.map(file => `volumes (${file})`)],
  }
  return { service, node }
}

/** Where the file names a dependency: the key of a mapping, or the member of a list. */
export function dependencyNode({ node }: LocatedService, name: string): LocatedNode {
  const dependsOn = child(node, 'depends_on')
  const member =
    dependsOn && childrenOf(dependsOn).find(item => item.kind === 'scalar' && item.value === name)
  return child(dependsOn, name) ?? member ?? node
}

function readDependencies(node: LocatedNode | undefined, problems: Problems): readonly Dependency[] {
  if (node?.kind === 'list') {
    const names = readTexts(node, problems).filter(name => name !== '')
    return names.map(service => ({ service, condition: 'service_started' }))
  }
  return [...readMapping(node, problems)].map(([service, value]) => ({
    service,
    condition: readCondition(value, problems),
  }))
}

function readCondition(node: LocatedNode, problems: Problems): Dependency['condition'] {
  const condition = child(node, 'condition')
  const text = condition ? readText(condition, problems) : ''
  if (text === 'service_started' || text === 'service_healthy') return text
  const reason =
    text === 'service_completed_successfully'
      ? 'waits for a service that ends; there are no one-shot services, `trib up` runs such work itself'
      : 'is neither service_started nor service_healthy'
  if (condition) problems.refuse(condition, reason)
  else problems.add(node, 'has no condition: service_started or service_healthy')
  return 'service_started'
}

function readSignal(node: LocatedNode | undefined, problems: Problems): NodeJS.Signals | undefined {
  if (!node) return undefined
  const text = readText(node, problems)
  if (isSignal(text)) return text
  const meant = nearest(text, Object.keys(constants.signals))
  problems.refuse(node, 'is no signal such as SIGTERM or SIGINT', meant && `write ${meant}`)
  return undefined
}

function isSignal(text: string): text is NodeJS.Signals {
  return Object.hasOwn(constants.signals, text)
}
