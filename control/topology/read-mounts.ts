import { child, type LocatedNode } from './located-node.ts'
import type { Problems } from './problems.ts'
import type { Mount } from './topology.ts'

/** What a container sees of this machine: data that both engines keep, or a file of the clone. */
type WrittenMount =
  | { readonly kind: 'volume'; readonly mount: Mount }
  | { readonly kind: 'file'; readonly source: string }
  | { readonly kind: 'fault'; readonly reason: string }

interface Mounts {
  readonly mounts: readonly Mount[]
  /** Files of the clone that a container gets read-only; a process reads them where they lie. */
  readonly files: readonly string[]
}

export function readMounts(
  node: LocatedNode | undefined,
  { volumes, problems }: { readonly volumes: readonly string[]; readonly problems: Problems },
): Mounts {
  const mounts: Mount[] = []
  const files: string[] = []
  if (node && node.kind !== 'list') problems.refuse(node, 'is no list')
  for (const item of node?.kind === 'list' ? node.items : []) {
    const written = parseMount(item)
    if (written.kind === 'fault') problems.refuse(item, written.reason)
    else if (written.kind === 'file') files.push(written.source)
    else if (volumes.includes(written.mount.volume)) mounts.push(written.mount)
    else problems.refuse(item, 'names a volume that the file does not declare under volumes')
  }
  return { mounts, files }
}

function parseMount(node: LocatedNode): WrittenMount {
  if (node.kind === 'list') return { kind: 'fault', reason: 'is no volume' }
  if (node.kind === 'scalar') {
    const [source = '', path = '', mode = 'rw', ...rest] = node.value.split(':')
    return rest.length > 0 ? { kind: 'fault', reason: 'is not VOLUME:/PATH' } : judge({ source, path, mode })
  }
  const text = (key: string) => {
    const value = child(node, key)
    return value?.kind === 'scalar' ? value.value : ''
  }
  if (!['volume', 'bind'].includes(text('type')))
    return { kind: 'fault', reason: 'is of a type other than volume and bind' }
  return judge({
    source: text('source'),
    path: text('target'),
    mode: text('read_only') === 'true' ? 'ro' : 'rw',
  })
}

function judge({ source, path, mode }: { source: string; path: string; mode: string }): WrittenMount {
  if (!path.startsWith('/')) return { kind: 'fault', reason: 'is not VOLUME:/PATH' }
  if (source.startsWith('./') && !source.split('/').includes('..')) {
    return mode === 'ro'
      ? { kind: 'file', source }
      : {
          kind: 'fault',
          reason: 'lets a container write into the clone; end it with :ro, or use a named volume',
        }
  }
  if (!/^[a-zA-Z0-9][\w.-]*$/.test(source)) {
    return { kind: 'fault', reason: 'reaches outside the clone; use a named volume or ./FILE:/PATH:ro' }
  }
  if (mode !== 'rw') return { kind: 'fault', reason: 'is a volume that its service cannot write' }
  return { kind: 'volume', mount: { volume: source, path } }
}
