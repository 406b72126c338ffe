import { TribError } from '../errors/trib-error.ts'
import { checkKeys } from './check-keys.ts'
import { checkServices } from './check-services.ts'
import type { Environment } from './interpolate.ts'
import { locateYaml } from './locate-yaml.ts'
import { child, type LocatedNode, type MappingNode } from './located-node.ts'
import { nearest } from './nearest.ts'
import { collectProblems, type Problems } from './problems.ts'
import { type LocatedService, readService } from './read-service.ts'
import { readMapping, readText } from './read-values.ts'
import type { Service, Topology } from './topology.ts'

export interface ReadTopologyOptions {
  readonly text: string
  /** The name that messages give the file. */
  readonly file: string
  readonly environment: Environment
  /** Profiles that are active. */
  readonly profiles: readonly string[]
}

/** Reads the compose file, or throws one error that names everything in it that cannot be honoured. */
export function readTopology({ text, file, environment, profiles }: ReadTopologyOptions): Topology {
  const problems = collectProblems(file)
  const isActive = (service: Service) =>
    service.profiles.length === 0 || service.profiles.some(profile => profiles.includes(profile))

  const root = locateYaml(text, { environment, problems })
  if (!root) return problems.raise()
  checkKeys(root, 'file', problems)
  const project = readProject(root, problems)
  const volumes = [...readNamed(child(root, 'volumes'), problems).keys()]
  const located = readServices(root, { volumes, problems })
  checkServices(located, { isActive, problems })
  if (!problems.isEmpty()) return problems.raise()

  const known = [...new Set(located.flatMap(({ service }) => service.profiles))]
  requireKnown(profiles, { known, file })
  const services = located.map(({ service }) => service).filter(isActive)
  const inactive = located.filter(({ service }) => !isActive(service)).map(({ service }) => service.name)
  return { project, services, volumes, profiles: known, inactive }
}

interface ReadOptions {
  readonly volumes: readonly string[]
  readonly problems: Problems
}

function readServices(root: MappingNode, { volumes, problems }: ReadOptions): readonly LocatedService[] {
  const node = child(root, 'services')
  if (!node) problems.add(root, 'the key "services" is missing')
  const entries = [...readNamed(node, problems)]
  if (node && entries.length === 0) problems.refuse(node, 'names no service')
  return entries.map(([name, service]) => readService(name, service, { volumes, problems }))
}

/** The members of a mapping whose keys become names of folders, hosts and containers. */
function readNamed(node: LocatedNode | undefined, problems: Problems): MappingNode['entries'] {
  const entries = readMapping(node, problems)
  for (const [name, member] of entries) {
    if (!/^[a-zA-Z0-9][\w.-]*$/.test(name)) {
      problems.add(
        member,
        'is refused: a name is letters, digits, ".", "-" and "_", and begins with a letter or digit',
      )
    }
  }
  return entries
}

function readProject(root: MappingNode, problems: Problems): string {
  const node = child(root, 'name')
  if (!node) {
    problems.add(root, 'the key "name" is missing')
    return ''
  }
  const name = readText(node, problems)
  // The rule of Compose: the name becomes part of the names of containers, volumes and networks.
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) problems.refuse(node, 'is not lower-case letters, digits, - and _')
  return name
}

function requireKnown(
  profiles: readonly string[],
  { known, file }: { readonly known: readonly string[]; readonly file: string },
): void {
  const unknown = profiles.find(profile => !known.includes(profile))
  if (unknown === undefined) return
  const list = known.length === 0 ? `${file} has no profiles` : `${file} knows ${known.join(', ')}`
  const meant = nearest(unknown, known)
  throw new TribError('USAGE', `there is no profile "${unknown}": ${list}`, {
    hint: meant && `--profile ${meant}`,
  })
}
