import { variablesIn } from './interpolate.ts'
import { child, type LocatedNode, rawTextOf } from './located-node.ts'
import type { Problems } from './problems.ts'
import { isPort } from './read-values.ts'
import type { PublishedPort } from './topology.ts'

interface WrittenPort {
  readonly host: string
  readonly published: string
  readonly target: string
  readonly protocol: string
}

/** One member of `ports`, in the short form (`127.0.0.1:PORT:PORT`) or the long one. */
export function readPort(node: LocatedNode, problems: Problems): PublishedPort {
  const written = node.kind === 'mapping' ? longForm(node) : shortForm(node)
  const fault = faultOf(written)
  if (fault) problems.refuse(node, fault)
  const variables = variablesIn(rawTextOf(node))
  return {
    host: written.host,
    port: Number(written.target),
    variable: variables.length === 1 ? variables[0] : undefined,
  }
}

function shortForm(node: LocatedNode): WrittenPort {
  const text = node.kind === 'scalar' ? node.value : ''
  const [address = '', protocol = 'tcp'] = text.split('/')
  const [target = '', published = '', ...host] = address.split(':').toReversed()
  return { host: host.toReversed().join(':'), published, target, protocol }
}

function longForm(node: LocatedNode): WrittenPort {
  const text = (key: string) => {
    const value = child(node, key)
    return value?.kind === 'scalar' ? value.value : ''
  }
  return {
    host: text('host_ip'),
    published: text('published'),
    target: text('target'),
    protocol: text('protocol') || 'tcp',
  }
}

function faultOf({ host, published, target, protocol }: WrittenPort): string | undefined {
  if (host !== '127.0.0.1') return 'is published beyond 127.0.0.1; write 127.0.0.1:PORT:PORT'
  if (protocol !== 'tcp') return 'is not TCP'
  if (!isPort(published) || !isPort(target)) return 'has no port from 1 to 65535'
  if (published !== target) return 'has another port inside than outside; natively there is only one'
  return undefined
}
